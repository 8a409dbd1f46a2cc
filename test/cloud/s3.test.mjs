// Amazon's own client over our bucket reads what storyreel writes. And the server with its media in S3: it leads browsers
// there by addresses that end, and says when S3 is gone. Started by s3.sh.
import assert from 'node:assert/strict';
import { spawn, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';

const program = process.env.STORYREEL, examples = process.env.EXAMPLES, bucket = process.env.TEST_S3_BUCKET;
const data = mkdtempSync(join(tmpdir(), 'storyreel-s3-'));
const settings = { ...process.env, STORYREEL_BLOBS: `s3://${bucket}/films`, STORYREEL_DATA: data };
const s3 = new S3Client({ endpoint: process.env.AWS_ENDPOINT_URL_S3, region: 'us-east-1', forcePathStyle: true });
const picture = readFileSync(join(examples, 'courier.png'));
let server, base;

async function start() {
  server = spawn(program, ['serve', '--listen', '127.0.0.1:0', '--workers', '0', '--url-seconds', '6', '--quiet', '--json'],
    { env: settings, stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise((resolve, reject) => {
    server.stdout.once('data', (d) => resolve(String(d)));
    server.once('exit', () => reject(new Error('the server ended')));
  });
  base = JSON.parse(line).url.replace(/\/$/, '');
}

async function stop() {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await ended;
}

async function upload() {
  const form = new FormData();
  form.set('image', new Blob([picture], { type: 'image/png' }), 'courier.png');
  const reply = await fetch(`${base}/api/mv/upload_character_reference`, { method: 'POST', body: form });
  assert.equal(reply.status, 201, await reply.clone().text());
  return reply.json();
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const objects = async () => (await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'films/' }))).Contents ?? [];
// The address in S3 that a link of the server leads to.
const lead = (url, method = 'GET') => fetch(new URL(url, base), { method, redirect: 'manual' });

before(start);
after(async () => {
  if (server.exitCode === null) await stop();
  rmSync(data, { recursive: true, force: true });
});

let reference, key;

test("Amazon's client reads what was uploaded to us, byte for byte", async () => {
  reference = await upload();
  const found = (await objects()).find((o) => o.Size === picture.length);
  assert.ok(found, 'no object has the size of the picture');
  key = found.Key;
  const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  assert.deepEqual(Buffer.from(await got.Body.transformToByteArray()), picture);
  const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  assert.equal(head.ContentType, 'image/png');
  assert.equal(head.Metadata.sha256, sha256(picture));
  assert.match(head.CacheControl, /immutable/);
});

test('a link of ours leads to S3, where the file is', async () => {
  const reply = await lead(reference.url);
  assert.equal(reply.status, 302);
  const url = reply.headers.get('location');
  assert.ok(url.startsWith(`${process.env.AWS_ENDPOINT_URL_S3}/${bucket}/films/`), url);
  const file = await fetch(url);
  assert.equal(file.status, 200);
  assert.deepEqual(Buffer.from(await file.arrayBuffer()), picture);
  const part = await fetch(url, { headers: { Range: 'bytes=10-19' } });
  assert.equal(part.status, 206);
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), picture.subarray(10, 20));
});

test('an address that was altered or has expired is refused', async () => {
  const url = (await lead(reference.url)).headers.get('location');
  const signature = new URL(url).searchParams.get('X-Amz-Signature');
  const other = signature.replace(/.$/, (c) => (c === '0' ? '1' : '0'));
  assert.equal((await fetch(url.replace(signature, other))).status, 403);
  assert.equal((await fetch(url.replace('X-Amz-Expires=6', 'X-Amz-Expires=900'))).status, 403);
  assert.equal((await fetch(url.replace('/films/', '/own/'))).status, 403);
  assert.equal((await fetch(url, { method: 'PUT', body: 'over it' })).status, 403);
  // Only its own clock makes the server refuse it.
  const [, ...d] = /^(....)(..)(..)T(..)(..)(..)Z$/.exec(new URL(url).searchParams.get('X-Amz-Date'));
  const ends = Date.UTC(d[0], d[1] - 1, ...d.slice(2)) + 6000;
  await new Promise((resolve) => setTimeout(resolve, ends - Date.now() + 1100));
  assert.equal((await fetch(url)).status, 403);
});

test('a link that was altered leads nowhere', async () => {
  const url = new URL(reference.url, base);
  url.searchParams.set('s', 'A'.repeat(43));
  assert.equal((await lead(url)).status, 403);
});

test('pages may show media of the bucket, and nothing else of others', async () => {
  const policy = (await fetch(base)).headers.get('content-security-policy');
  assert.match(policy, new RegExp(`media-src 'self' blob: ${process.env.AWS_ENDPOINT_URL_S3};`));
  assert.match(policy, /connect-src 'self';/);
});

test('no file stays on this machine but what was fetched', () => {
  const kept = readdirSync(join(data, 's3'), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && !/^[0-9a-f]{64}$/.test(e.name));
  assert.deepEqual(kept.map((e) => e.name), []);
});

test('when S3 is gone, readiness and doctor name it, uploads are refused, and what waits is listed', async () => {
  const ready = async () => (await fetch(`${base}/readyz`)).json();
  assert.equal((await ready()).status, 'ready');
  process.kill(Number(readFileSync(process.env.S3_PROCESS, 'utf8')), 'SIGKILL');
  const checks = (await ready()).checks.filter((c) => !c.ok);
  assert.deepEqual(checks.map((c) => c.name), ['blobs']);
  assert.match(checks[0].detail, /127\.0\.0\.1/);
  const form = new FormData();
  form.set('image', new Blob([readFileSync(join(examples, 'kettle.png'))], { type: 'image/png' }), 'kettle.png');
  const reply = await fetch(`${base}/api/mv/upload_character_reference`, { method: 'POST', body: form });
  assert.ok(reply.status >= 500, `${reply.status}`);
  await stop();
  mkdirSync(join(data, 's3/waiting/mv'), { recursive: true });
  writeFileSync(join(data, 's3/waiting/mv/left.mp4'), 'of an earlier run');
  let said = '';
  try { execFileSync(program, ['doctor', '--json'], { env: settings }); } catch (e) { said = String(e.stdout); }
  const { checks: found } = JSON.parse(said.split('\n')[0]);
  assert.equal(found.find((c) => c.check === 'media').ok, false);
  assert.match(found.find((c) => c.check === 'uploads').says, /^1 file of .* mv\/left\.mp4$/);
});
