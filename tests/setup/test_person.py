from ngrok_scim_cli.setup.context import NOBODY


def test_nobody_takes_every_default_and_knows_no_secret() -> None:
    assert not NOBODY.present
    assert NOBODY.ask("Name", default="Bot") == "Bot"
    assert NOBODY.ask_secret("Key") == ""
    assert NOBODY.confirm("Sure?", default=False) is False
    assert NOBODY.choose("Which?", (("a", "A"), ("b", "B")), default="b") == "b"
