"""`tessera demo`: the main job as a newcomer sees it, in a home of its own."""

import re
import socket


def test_the_demo_does_the_main_job_and_touches_nothing_of_the_users(quiet_home):
    (quiet_home.home / "secret.key").write_text("the user's own")
    (quiet_home.home / ".env").write_text("TESSERA_ISSUER=http://nowhere.example\n")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = quiet_home.start(
            "demo", "--once", "--port", str(port),
            TESSERA_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nowhere",
        )  # fmt: skip
        out, error = process.communicate(timeout=120)
    assert (process.returncode, error) == (0, ""), out
    assert "\x1b" not in out
    assert re.search(r"^1\. 99 reports of 57 organisations", out, re.MULTILINE)
    assert re.search(r"^4\. 10 of 10 traps held", out, re.MULTILINE)
    assert re.search(r"^5\. 5 of 5 hidden operations found", out, re.MULTILINE)
    assert out.count("investigation opened") >= 2
    assert "All went well." in out
    assert max(map(len, out.splitlines())) <= 100
    assert f":{port}/" not in out
    assert "without --once" in out
    # The service has stopped: nothing is printed that only it could take.
    assert not any(word in out for word in ("TOKEN=", "curl", "client_credentials", "127.0.0.1"))
    names = {path.name for path in quiet_home.home.iterdir()}
    assert names == {"secret.key", ".env", "demo", "demo.lock"}
    assert (quiet_home.home / "secret.key").read_text() == "the user's own"


def test_a_folder_of_somebody_else_is_left_alone(quiet_home):
    (quiet_home.home / "demo").mkdir()
    (quiet_home.home / "demo" / "thesis.txt").write_text("mine")
    process = quiet_home.start("demo", "--once")
    assert "is not of a demo" in process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert (quiet_home.home / "demo" / "thesis.txt").read_text() == "mine"
