// Requests to the server. A busy server is asked again.

/** How often a busy server is asked again, and after how many milliseconds. */
const AGAIN = 30;
const PAUSE = 1000;

/** An error with the server's own line. */
export class Problem extends Error {}

async function ask(path, options = {}) {
  for (let tried = 0; ; tried++) {
    let answer;
    try {
      answer = await fetch(path, options);
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new Problem('The server is not answering. Start it again with `verify serve`.');
    }
    if (answer.status === 503 && tried < AGAIN) {
      await new Promise((wake) => setTimeout(wake, PAUSE));
      continue;
    }
    const said = await answer.json().catch(() => ({ error: `The server answered ${answer.status}.` }));
    if (!answer.ok) throw new Problem(said.error);
    return said;
  }
}

const json = (method, body) =>
  ({ method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
const of = (id) => `/api/people/${encodeURIComponent(id)}`;

export const info = () => ask('/api/info');
export const people = async () => (await ask('/api/people')).people;
export const person = (id) => ask(of(id));
export const create = (asked) => ask('/api/people', json('POST', asked));
export const add = (id, asked) => ask(`${of(id)}/photos`, json('POST', asked));
export const change = (id, terms) => ask(of(id), json('PATCH', terms));
export const choose = (id, photo, choice) => ask(`${of(id)}/photos`, json('PATCH', { photo, choice }));
export const keepApart = (id, asked) => ask(`${of(id)}/look-alikes`, json('POST', asked));
export const tellApart = (id, other) => ask(`${of(id)}/apart`, json('POST', { other }));
export const forget = (id, name) => ask(`${of(id)}/look-alikes?name=${encodeURIComponent(name)}`, { method: 'DELETE' });
export const takeOut = (id, photo) => ask(`${of(id)}/photos?photo=${encodeURIComponent(photo)}`, { method: 'DELETE' });
export const learnStrangers = (id, asked) => ask(`${of(id)}/strangers`, json('POST', asked));
export const forgetStrangers = (id) => ask(`${of(id)}/strangers`, { method: 'DELETE' });
export const addNegatives = (id, asked) => ask(`${of(id)}/negatives`, json('POST', asked));
export const review = (id, limit) => ask(`${of(id)}/review?limit=${limit}`);
export const answer = (id, answers, limit) => ask(`${of(id)}/review?limit=${limit}`, json('POST', { answers }));
export const undoAnswer = (id, limit) => ask(`${of(id)}/review/undo?limit=${limit}`, { method: 'POST' });
export const foundFaceAddress = (id, face) => `${of(id)}/review/face?face=${encodeURIComponent(face)}`;
export const remove = (id) => ask(of(id), { method: 'DELETE' });
export const gather = (asked) => ask('/api/faces', json('POST', asked));
export const exportAddress = (id) => `${of(id)}/export`;
export const faceAddress = (id, photo) => `${of(id)}/face?photo=${encodeURIComponent(photo)}`;
export const plotAddress = (id, view) => `${of(id)}/plot?view=${view}`;
export const reportAddress = (id) => `${of(id)}/report`;

/**
 * Send photos a few at a time; `take` gets those of each request with the server's answer. A photo is
 * `{name, file}`. If a request fails, its photos are sent one by one, so that an error concerns only one photo.
 */
async function inParts(photos, path, { together, max_upload: most }, signal, take) {
  for (let at = 0; at < photos.length;) {
    const part = [];
    let bytes = 0;
    while (at < photos.length && part.length < together
        && (!part.length || bytes + photos[at].file.size < most / 2)) {
      bytes += photos[at].file.size;
      part.push(photos[at++]);
    }
    await sendPart(part, path, signal, take);
  }
}

async function sendPart(part, path, signal, take) {
  const form = new FormData();
  for (const { name, file } of part) form.append('photo', file, name);
  try {
    take(part, await ask(path, { method: 'POST', body: form, signal }));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (part.length === 1) return take(part, null, error.message);
    for (const photo of part) await sendPart([photo], path, signal, take);
  }
}

/** The faces of photos, in the form that enrolling needs. */
export async function embed(photos, server, signal, take) {
  const none = ([photo], error) => [{ photo: photo.name, faces: [], error }];
  await inParts(photos, '/api/embed?crops=true', server, signal,
    (part, answer, error) => take(answer ? answer.photos : none(part, error)));
}

/** The verdicts on photos; `take` gets each photo with one verdict per person. */
export async function check(photos, server, signal, take) {
  await inParts(photos, '/api/check', server, signal, (part, answer, error) => {
    const each = answer ? answer.results.length / part.length : 0;
    part.forEach((photo, i) => take(photo, answer ? answer.results.slice(i * each, (i + 1) * each) : [], error));
  });
}

/** Who is in photos; `take` gets each photo with its faces or its error. */
export async function identify(photos, server, signal, take) {
  await inParts(photos, '/api/identify', server, signal, (part, answer, error) =>
    part.forEach((photo, i) => take(photo, answer ? answer.photos[i] : { faces: [], error })));
}
