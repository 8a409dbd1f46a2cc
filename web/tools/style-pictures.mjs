// Makes public/styles/*.jpg: the same scene in every style, by a program that runs at the address given.
//   node tools/style-pictures.mjs http://127.0.0.1:8080
import { mkdirSync, writeFileSync } from 'node:fs';

const server = process.argv[2] ?? 'http://127.0.0.1:8080';
const folder = new URL('../public/styles/', import.meta.url);
const film = {
  mode: 'ad-creative', conceptPrompt: 'A night above the city.', characterDescription: 'Ana, a woman with long dark hair in a red coat',
  size: '480p', targetDuration: 8, wantedScenes: 2, seed: 7,
};
const scene = { idea: 'Ana stands on a rooftop above the city and looks at us, the skyline behind her', after: 0, duration: 3 };

async function call(path, body, method = body ? 'POST' : 'GET') {
  const reply = await fetch(server + path, { method, body: body && JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
  return reply.status === 204 ? null : reply.json();
}

async function rest(id) {
  for (;;) {
    const project = await call(`/api/mv/projects/${id}`);
    if (project.status !== 'processing') return project;
    await new Promise(r => setTimeout(r, 300));
  }
}

mkdirSync(folder, { recursive: true });
for (const { name } of (await call('/api/mv/get_director_configs')).directorConfigs) {
  const { projectId: id } = await call('/api/mv/projects', { ...film, directorConfig: name });
  await call(`/api/mv/projects/${id}/plan`, {});
  await rest(id);
  const { sequence } = await call(`/api/mv/projects/${id}/scenes`, scene);
  await call(`/api/mv/projects/${id}/generate`, { scenes: [sequence] });
  const project = await rest(id);
  const picture = await fetch(server + project.scenes.find(s => s.sequence === sequence).posterUrl);
  writeFileSync(new URL(`${name}.jpg`, folder), Buffer.from(await picture.arrayBuffer()));
  await call(`/api/mv/projects/${id}`, undefined, 'DELETE');
  console.log(name);
}
