from ngrok_scim_cli.diagnosis.values.placeholders import is_masked, is_placeholder, is_variable
from tests.support.cases import each_case


@each_case(
    "text",
    [
        "$NGROK_API_KEY",
        "${NGROK_API_KEY}",
        "$env:NGROK_API_KEY",
        "$(pass show ngrok)",
        "${{ secrets.NGROK }}",
        "{{ .Values.key }}",
        "%NGROK_API_KEY%",
        "op://vault/ngrok/key",
        "process.env.NGROK_API_KEY",
        "secrets.NGROK",
        "NGROK_API_KEY",
        "SCIM_TOKEN",
    ],
)
def test_a_variable_is_recognised(text: str) -> None:
    assert is_variable(text)


@each_case(
    "text",
    [
        "API_KEY",
        "your-api-key",
        "YOUR_NGROK_API_KEY_HERE",
        "yourapikey",
        "yourApiKey",
        "paste the key here",
        "token",
        "changeme",
        "TODO",
        "null",
    ],
)
def test_a_placeholder_is_recognised(text: str) -> None:
    assert is_placeholder(text)


@each_case("text", ["", "secret", "hunter2", "a1b2c3", "ghp_abcdefgh", "test " * 20, "the new one"])
def test_an_odd_key_is_no_placeholder(text: str) -> None:
    assert not is_placeholder(text)
    assert not is_variable(text)
    assert not is_masked(text)


@each_case("text", ["••••", "****abcd", "abc…", "abc...", "[redacted]", "xxxxxxxx"])
def test_a_mask_is_recognised(text: str) -> None:
    assert is_masked(text)
