from ngrok_scim_cli.setup.person import Nobody


def test_nobody_takes_every_default_and_knows_no_secret() -> None:
    nobody = Nobody()
    assert nobody.ask("Name", default="Bot") == "Bot"
    assert nobody.ask_secret("Key") == ""
    assert nobody.confirm("Sure?", default=False) is False
    assert nobody.choose("Which?", (("a", "A"), ("b", "B")), default="b") == "b"
