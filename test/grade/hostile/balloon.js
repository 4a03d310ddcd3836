// The same with Node: what it takes is no part of the heap that V8 bounds by itself.
console.log('ready')
const held = []
setInterval(() => held.push(Buffer.alloc(5_000_000, 'x')), 2)
