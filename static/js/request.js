// request.js: requests over HTTP. Addresses are relative to the page's own.
import { say, words } from './strings.js';

/** Why a command or a request was not carried out, in a sentence. */
export class RequestError extends Error {
  /**
   * @param {string} code  of the server, or `offline`: not sent, `lost`: sent, and the answer did
   *   not come, `unreachable`: the server did not answer
   * @param {string} message
   * @param {number} [status]  of HTTP; 0 if the server did not answer
   * @param {Record<string, any>} [answer]  all that the server said
   */
  constructor(code, message, status = 0, answer = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.answer = answer;
  }
}

/**
 * Sends a request and returns what the server answers; throws a RequestError with its sentence
 * where it refuses.
 * @param {string} address
 * @param {{method?:string, json?:unknown, text?:string|Blob, token?:string, keepalive?:boolean, signal?:AbortSignal}} [how]
 *   a body as JSON, or as text or a file; the token of a room; `keepalive` sends it even if the page
 *   is closed; a `signal` that gives it up
 * @returns {Promise<any>}
 */
export async function request(address, { method = 'GET', json, text, token, keepalive, signal } = {}) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (json !== undefined) headers['Content-Type'] = 'application/json';
  if (token) headers.Authorization = `Bearer ${token}`;
  const body = json === undefined ? text : JSON.stringify(json);
  const answer = await send(address, { method, headers, body, keepalive, signal });
  return answer.status === 204 ? undefined : answer.json();
}

/**
 * Fetches a file and the name that the server gives it; throws as request does.
 * @param {string} address
 * @param {string} [token]
 */
export async function requestFile(address, token) {
  const answer = await send(address, { headers: token ? { Authorization: `Bearer ${token}` } : {} });
  const name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? '';
  return { name, content: await answer.blob() };
}

/** @param {string} address @param {RequestInit} how */
async function send(address, how) {
  let answer;
  try {
    answer = await fetch(address, how);
  } catch {
    throw new RequestError('unreachable', words.unreachable);
  }
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

/** Whether the server answers, within a few seconds. */
export const serverAnswers = () => fetch('healthz', { cache: 'no-store', signal: AbortSignal.timeout(2500) }).then((answer) => answer.ok, () => false);

/** @param {Response} answer */
async function refusal(answer) {
  const text = await answer.text();
  try {
    const all = JSON.parse(text);
    return new RequestError(String(all.error.code), String(all.error.message), answer.status, all);
  } catch {
    return new RequestError('refused', text.trim() || say.serverAnswered(answer.status), answer.status);
  }
}
