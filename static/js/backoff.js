// backoff.js: how long to wait before the next attempt to connect.

/**
 * Milliseconds before attempt n (0 is the first after a loss): a quarter second, doubled
 * each time up to 8 s, and spread over half to all of that, so that the browsers of a class do
 * not all ask at the same instant when the server is back.
 * @param {number} attempt
 * @param {() => number} [random]
 */
export function delay(attempt, random = Math.random) {
  const most = Math.min(8000, 250 * 2 ** attempt);
  return most * (0.5 + 0.5 * random());
}
