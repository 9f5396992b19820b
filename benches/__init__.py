"""Questions of time and error, one runnable file each; `python -m benches NAME` asks one."""
