#!/usr/bin/python3
"""The server's speeds, each beside a plain tool doing the same in the same run: nginx with the bytes as a file, FastAPI
with uvicorn returning the same document. `server.py PROGRAM`; everything listens on loopback, on free ports, and is
stopped by its process id. The data lies in memory where there is room, so that servers are measured and not the disk.
"""

import contextlib
import http.client
import json
import os
import re
import resource
import selectors
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS, SECONDS, CONNECTIONS = 3, 4, 32
STREAMS = 10_000
UPLOAD_BYTES = 500 << 20
RANGE_BYTES = 256 << 10
BOUNDARY = 'storyreel-bench'

broken = 0


def row(label, measured, promise, kept):
    global broken
    broken += not kept
    print(f'{label:<44}{measured:>34}   {promise:<26}{"kept" if kept else "NOT KEPT"}', flush=True)


# ---- servers ----

def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def running(*command, **options):
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(port):
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(('127.0.0.1', port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f'nothing listens on {port}')


@contextlib.contextmanager
def storyreel(program, data):
    with running(program, 'serve', '--listen', '127.0.0.1:0', '--data', data, '--quiet',
                 stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        yield process.pid, int(re.search(r':(\d+)/', line)[1])


@contextlib.contextmanager
def nginx(work, folder):
    port, path = free_port(), f'{work}/nginx.conf'
    with open(path, 'w') as conf:
        conf.write(f'''worker_processes auto; daemon off; pid {work}/nginx.pid; error_log /dev/null;
events {{ worker_connections 4096; }}
http {{
    types {{ application/json json; video/mp4 mp4; }}
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
    client_body_temp_path {work}/n1; proxy_temp_path {work}/n2; fastcgi_temp_path {work}/n3;
    uwsgi_temp_path {work}/n4; scgi_temp_path {work}/n5;
    server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
''')
    os.chmod(work, 0o755)        # its workers are another user when it is started by root
    with running('nginx', '-c', path, stdout=subprocess.DEVNULL):
        wait_for(port)
        yield port


@contextlib.contextmanager
def fastapi(work, document):
    port = free_port()
    with open(f'{work}/document.json', 'w') as file:
        file.write(document)
    with open(f'{work}/bench_app.py', 'w') as app:
        app.write('import json, pathlib\nfrom fastapi import FastAPI\napp = FastAPI()\n'
                  'document = json.loads((pathlib.Path(__file__).parent / "document.json").read_text())\n'
                  '@app.get("/project.json")\nasync def project():\n    return document\n')
    with running('/usr/bin/python3', '-m', 'uvicorn', 'bench_app:app', '--port', str(port), '--workers', str(os.cpu_count()),
                 '--no-access-log', '--log-level', 'error', cwd=work, stdout=subprocess.DEVNULL):
        wait_for(port)
        time.sleep(1)
        yield port


# ---- asking ----

class Api:
    def __init__(self, port):
        self.port = port
        self.connection = http.client.HTTPConnection('127.0.0.1', port, timeout=300)

    def ask(self, method, path, body=None, **headers):
        if isinstance(body, dict):
            body, headers = json.dumps(body), {'Content-Type': 'application/json', **headers}
        self.connection.request(method, path, body, headers)
        reply = self.connection.getresponse()
        return reply.status, reply.read()

    def made(self, method, path, body=None):
        status, reply = self.ask(method, path, body)
        if status >= 300:
            raise RuntimeError(f'{method} {path}: {status} {reply[:500]}')
        return json.loads(reply)

    def settled(self, project):
        while project['status'] == 'processing':
            time.sleep(0.1)
            project = self.made('GET', f'/api/mv/projects/{project["projectId"]}')
        return project


def drafted(api):
    project = api.made('POST', '/api/mv/projects', {
        'mode': 'ad-creative', 'conceptPrompt': 'A cold kitchen before dawn. The red kettle begins to sing.',
        'productDescription': 'Ember, a red enamel kettle', 'targetDuration': 48, 'wantedScenes': 12, 'seed': 1})
    project = api.settled(api.made('POST', f'/api/mv/projects/{project["projectId"]}/plan', {}))
    if len(project['scenes']) != 12:
        raise RuntimeError(f'{len(project["scenes"])} scenes were drafted, not 12')
    return project


def wrk(url, script=None):
    """Requests a second and the 99th percentile in milliseconds."""
    command = ['wrk', '-t', '2', '-c', str(CONNECTIONS), '-d', f'{SECONDS}s', '--latency', *(['-s', script] if script else []), url]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if re.search(r'Non-2xx|Socket errors', text):
        raise RuntimeError(f'{url}: {text}')
    number, unit = re.search(r'99%\s+([\d.]+)(us|ms|s)\b', text).groups()
    return float(re.search(r'Requests/sec:\s+([\d.]+)', text)[1]), float(number) * {'us': 1e-3, 'ms': 1, 's': 1e3}[unit]


def in_turn(urls, script=None):
    """Each address in turn, ROUNDS times: the medians."""
    runs = [[wrk(url, script) for url in urls] for _ in range(ROUNDS)]
    return [tuple(statistics.median(run[i][k] for run in runs) for k in range(2)) for i in range(len(urls))]


def memory_mb(pid, name='VmRSS'):
    with open(f'/proc/{pid}/status') as status:
        return int(re.search(rf'{name}:\s+(\d+)', status.read())[1]) / 1024


# ---- what is promised ----

def bench_project(port, work, project):
    path = f'/api/mv/projects/{project["projectId"]}'
    document = Api(port).ask('GET', path)[1]
    static = f'{work}/static'
    os.makedirs(static, exist_ok=True)
    with open(f'{static}/project.json', 'wb') as file:
        file.write(document)
    print(f'\nA project of 12 scenes, {len(document)} bytes, {CONNECTIONS} connections')
    with nginx(work, static) as plain, fastapi(work, document.decode()) as python:
        ours, theirs, slow = in_turn([f'http://127.0.0.1:{port}{path}', f'http://127.0.0.1:{plain}/project.json',
                                      f'http://127.0.0.1:{python}/project.json'])
    for name, (rate, p99) in (('storyreel', ours), ('nginx, the same bytes as a file', theirs), ('FastAPI with uvicorn', slow)):
        print(f'  {name:<42}{rate:>14.0f} a second{p99:>10.2f} ms p99')
    row('beside nginx', f'{theirs[0] / ours[0]:.2f} times slower', 'at most 2 times', theirs[0] <= 2 * ours[0])
    row('beside FastAPI', f'{ours[0] / slow[0]:.1f} times faster', 'at least 10 times', ours[0] >= 10 * slow[0])


def open_streams(port):
    poll = selectors.DefaultSelector()
    request = f'GET /api/mv/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n'.encode()
    for _ in range(STREAMS):
        s = socket.create_connection(('127.0.0.1', port))
        s.sendall(request)
        poll.register(s, selectors.EVENT_READ)
    waiting = STREAMS
    while waiting:
        for key, _ in poll.select(10) or [(None, None)]:
            if key is None:
                raise RuntimeError(f'{waiting} streams were never answered')
            if b'200' in key.fileobj.recv(65536):
                waiting -= 1
    return poll


def broadcast(api, poll, project):
    """Milliseconds from a change to the moment the last stream has heard of it."""
    heard = set()
    began = time.monotonic()
    api.made('PATCH', f'/api/mv/projects/{project["projectId"]}', {'title': f'At {began}'})
    while len(heard) < STREAMS:
        ready = poll.select(10)
        if not ready:
            raise RuntimeError(f'{STREAMS - len(heard)} streams heard nothing')
        for key, _ in ready:
            if b'event: project' in key.fileobj.recv(65536):
                heard.add(key.fd)
    return (time.monotonic() - began) * 1000


def bench_streams(pid, port, project):
    print(f'\n{STREAMS} idle event streams')
    before = memory_mb(pid)
    poll = open_streams(port)
    api = Api(port)
    times = [broadcast(api, poll, project) for _ in range(5)]
    after = memory_mb(pid)
    row('memory of the whole server', f'{after:.0f} MB ({before:.0f} before)', 'at most 100 MB', after <= 100)
    row('a change reaches all of them', f'{statistics.median(times):.0f} ms ({max(times):.0f} at worst)', 'within 500 ms',
        statistics.median(times) <= 500)
    for key in list(poll.get_map().values()):
        key.fileobj.close()
    poll.close()


def bench_upload(pid, port, project):
    print(f'\nAn upload of {UPLOAD_BYTES >> 20} MB')
    with open(f'/proc/{pid}/clear_refs', 'w') as peak:
        peak.write('5')
    before = memory_mb(pid)
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="video"; filename="a.mp4"\r\nContent-Type: video/mp4\r\n\r\n'.encode()
    tail = f'\r\n--{BOUNDARY}--\r\n'.encode()
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=300)
    began = time.monotonic()
    connection.putrequest('POST', f'/api/mv/projects/{project["projectId"]}/scenes/{project["sceneOrder"][0]}/upload_video')
    connection.putheader('Content-Type', 'multipart/form-data; boundary=' + BOUNDARY)
    connection.putheader('Content-Length', str(len(head) + UPLOAD_BYTES + len(tail)))
    connection.endheaders(head)
    block = os.urandom(1 << 20)
    for _ in range(UPLOAD_BYTES >> 20):
        connection.send(block)
    connection.send(tail)
    status = connection.getresponse().status
    took, grown = time.monotonic() - began, memory_mb(pid, 'VmHWM') - before
    row('memory grows by', f'{grown:.1f} MB ({UPLOAD_BYTES / took / 1e6:.0f} MB a second)', 'at most 16 MB', grown <= 16 and status == 422)


def clip(work):
    path = f'{work}/static/clip.mp4'
    subprocess.run(['ffmpeg', '-nostdin', '-loglevel', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=24:d=60', '-vf',
                    'noise=alls=14:allf=t', '-c:v', 'libx264', '-preset', 'ultrafast', '-b:v', '8M', '-g', '48', path], check=True)
    return path


def bench_ranges(port, work, project):
    path = clip(work)
    with open(path, 'rb') as file:
        film = file.read()
    api = Api(port)
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="video"; filename="a.mp4"\r\nContent-Type: video/mp4\r\n\r\n'.encode()
    scene = f'/api/mv/projects/{project["projectId"]}/scenes/{project["sceneOrder"][0]}'
    status, reply = api.ask('POST', f'{scene}/upload_video', head + film + f'\r\n--{BOUNDARY}--\r\n'.encode(), **{'Content-Type': 'multipart/form-data; boundary=' + BOUNDARY})
    if status != 201:
        raise RuntimeError(f'the clip was refused: {reply[:500]}')
    url = api.made('GET', f'{scene}/takes')['takes'][-1]['url']
    script = f'{work}/range.lua'
    with open(script, 'w') as lua:
        lua.write(f'function request()\n  local at = math.random(0, {len(film) - RANGE_BYTES})\n'
                  f'  wrk.headers["Range"] = "bytes=" .. at .. "-" .. (at + {RANGE_BYTES} - 1)\n  return wrk.format()\nend\n')
    print(f'\nParts of {RANGE_BYTES >> 10} KiB of a film of {len(film) / 1e6:.0f} MB')
    with nginx(work, f'{work}/static') as plain:
        ours, theirs = in_turn([f'http://127.0.0.1:{port}{url}', f'http://127.0.0.1:{plain}/clip.mp4'], script)
    for name, (rate, p99) in (('storyreel', ours), ('nginx', theirs)):
        print(f'  {name:<42}{rate:>14.0f} a second{p99:>10.2f} ms p99')
    row('beside nginx', f'{theirs[0] / ours[0]:.2f} times slower', 'at most 1.3 times', theirs[0] <= 1.3 * ours[0])


def filled(port, count):
    api = Api(port)
    project = drafted(api)
    path = f'/api/mv/projects/{project["projectId"]}'
    for _ in range(count - 1):
        api.made('POST', f'{path}/duplicate')
    return api, path


def cold_read(api, path, target):
    """Milliseconds of a read just after a change: nothing is kept of it."""
    api.made('PATCH', path, {'title': f'At {time.monotonic()}'})
    began = time.perf_counter()
    api.made('GET', target)
    return (time.perf_counter() - began) * 1000


def bench_many(program, work):
    print('\n1,000 projects of 12 scenes, against 10')
    with storyreel(program, f'{work}/few') as (_, few_port), storyreel(program, f'{work}/many') as (_, many_port):
        few, few_path = filled(few_port, 10)
        many, many_path = filled(many_port, 1000)
        for label, page in (('a page of the list', '/api/mv/projects?limit=10'), ('one project', None)):
            times = [(cold_read(few, few_path, page or few_path), cold_read(many, many_path, page or many_path)) for _ in range(300)]
            a, b = (statistics.median(column) for column in zip(*times))
            row(label, f'{a:.2f} ms, {b:.2f} ms', 'ratio at most 1.3', b <= 1.3 * a)


def main(program):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    work = tempfile.mkdtemp(prefix='storyreel-bench.', dir='/dev/shm' if os.access('/dev/shm', os.W_OK) else None)
    try:
        with storyreel(program, f'{work}/data') as (pid, port):
            project = drafted(Api(port))
            bench_project(port, work, project)
            bench_ranges(port, work, project)
            bench_upload(pid, port, project)
        with storyreel(program, f'{work}/data') as (pid, port):
            bench_streams(pid, port, project)
        bench_many(program, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return 1 if broken else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
