/*
 * The shard that an id's stock is in: four bytes of the BLAKE2b (RFC 7693) of its name, as
 * halles/stock/shown.py reckons it. A page says its own shard; a result of a search cannot, since
 * settings may change their number. Takes one block: names of 128 bytes at most.
 */

const MASK = (1n << 64n) - 1n;
const START = [
  0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n, 0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n,
];
const ORDERS = [
  '0123456789abcdef', 'ea489fd61c02b753', 'b8c052fdae367194', '7931dcbe265a40f8',
  '905724afe1bc683d', '2c6a0b834d75fe19', 'c51fed4a0763928b', 'db7ec13950f4862a',
  '6fe9b308c2d714a5', 'a2847615fb9e3cd0',
].map(row => [...row].map(digit => parseInt(digit, 16)));
/** What is mixed with what: the columns of a square, then its diagonals. */
const MIXED = ['048c', '159d', '26ae', '37bf', '05af', '16bc', '278d', '349e']
  .map(four => [...four].map(digit => parseInt(digit, 16)));
const turned = (word, by) => ((word >> by) | (word << (64n - by))) & MASK;

function mix(v, [a, b, c, d], x, y) {
  v[a] = (v[a] + v[b] + x) & MASK;
  v[d] = turned(v[d] ^ v[a], 32n);
  v[c] = (v[c] + v[d]) & MASK;
  v[b] = turned(v[b] ^ v[c], 24n);
  v[a] = (v[a] + v[b] + y) & MASK;
  v[d] = turned(v[d] ^ v[a], 16n);
  v[c] = (v[c] + v[d]) & MASK;
  v[b] = turned(v[b] ^ v[c], 63n);
}

/** The number that a name comes to, of so many. */
export function shardOf(name, shards) {
  const bytes = new TextEncoder().encode(name);
  const block = new DataView(new ArrayBuffer(128));
  bytes.forEach((byte, at) => block.setUint8(at, byte));
  const words = Array.from({ length: 16 }, (_, at) => block.getBigUint64(8 * at, true));
  // One piece, no key, four bytes.
  const first = START[0] ^ 0x01010004n;
  const v = [first, ...START.slice(1), ...START];
  v[12] ^= BigInt(bytes.length);
  // This block is the last.
  v[14] ^= MASK;
  for (let round = 0; round < 12; round++) {
    const order = ORDERS[round % 10];
    MIXED.forEach((four, i) => mix(v, four, words[order[2 * i]], words[order[2 * i + 1]]));
  }
  const low = Number((first ^ v[0] ^ v[8]) & 0xffffffffn);
  const told = new DataView(new ArrayBuffer(4));
  told.setUint32(0, low, true);
  return told.getUint32(0) % shards;
}
