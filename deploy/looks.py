"""Whether an installed product opens: signs in at https://HOST/ and looks for the dashboard and its chart script.

/opt/coverage/.venv/bin/python deploy/looks.py HOST USER PASSWORD
"""

import http.cookiejar
import re
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

host, user, password = sys.argv[1:]
# The first certificate is the machine's own.
trusted = ssl.create_default_context(cafile="/etc/coverage/tls.crt")
opener = urllib.request.build_opener(
    urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.HTTPSHandler(context=trusted)
)


def get(path: str) -> str:
    return str(opener.open(f"https://{host}{path}", timeout=60).read().decode())


for _ in range(60):
    try:
        page = get("/accounts/login/")
        break
    except urllib.error.URLError:
        time.sleep(1)
else:
    sys.exit(f"https://{host}/ does not open")
token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
form = {"csrfmiddlewaretoken": token[1] if token else "", "username": user, "password": password}
signing_in = urllib.request.Request(
    f"https://{host}/accounts/login/", urllib.parse.urlencode(form).encode(), {"Referer": f"https://{host}/"}
)
dashboard = opener.open(signing_in, timeout=60).read().decode()
if 'data-chart="trend"' not in dashboard or "echarts" not in get("/static/vendor/echarts.min.js"):
    sys.exit("no chart on the dashboard")
sys.stdout.write(f"https://{host}/ opens, with charts\n")
