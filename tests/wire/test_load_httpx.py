import subprocess
import sys

SCRIPT = (
    "import sys\n"
    "from ngrok_scim_cli.wire.client import load_httpx\n"
    "load_httpx(); load_httpx()\n"
    "import httpx\n"
    "assert httpx.URL('https://api.ngrok.com/').host == 'api.ngrok.com'\n"
    "left_out = {'anyio', 'click', 'pygments', 'rich', 'trio'}\n"
    "print(sorted({name.split('.')[0] for name in sys.modules} & left_out))\n"
    "print('httpx._main' in sys.modules)\n"
)


def test_httpx_comes_without_what_is_never_used() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines() == ["[]", "False"]
