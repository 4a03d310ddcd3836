import { createSocket } from 'node:dgram'

const socket = createSocket('udp4')
socket.on('message', (message, sender) => {
  console.log(String(message), sender.address, sender.port)
  socket.send(message, sender.port, sender.address, () => socket.close())
})
socket.bind(Number(process.argv[2]), process.env.HOST)
