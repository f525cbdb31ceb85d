export function inflateSync(data: Uint8Array, options?: { out?: Uint8Array }): Uint8Array;
