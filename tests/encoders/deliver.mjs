// node deliver.mjs ENCODER western|chinese NUMBER PORT FILE
// Asks the printer behind PORT how it is, prints one receipt there as a POS with that encoder would, and leaves in FILE all
// that was sent. Standard output: what the printer answered, in hexadecimal.
import fs from 'node:fs';
import net from 'node:net';
import { encoders, thermalPrinter } from './encoders.mjs';
import { receipt } from './receipts.mjs';

const [name, kind, number, port, file] = process.argv.slice(2);
const wanted = receipt(kind, Number(number));

// A line of our own for libraries that make bytes only: four questions, each asked when the last was answered.
async function over(line, bytes) {
  const answers = [], waiting = [];
  line.on('data', (data) => {
    answers.push(data);
    waiting.shift()?.();
  });
  const ended = new Promise((done, fail) => line.on('close', done).on('error', fail));
  for (const about of [1, 2, 3, 4]) {
    const answered = new Promise((done) => waiting.push(done));
    line.write(Buffer.from([0x10, 0x04, about]));
    await answered;
  }
  line.end(bytes);
  await ended;
  return Buffer.concat(answers);
}
const questions = Buffer.from([0x10, 0x04, 1, 0x10, 0x04, 2, 0x10, 0x04, 3, 0x10, 0x04, 4]);

// node-thermal-printer connects, asks and prints by itself, each time on a new connection.
async function byItself(bytes) {
  const printer = thermalPrinter(wanted, `tcp://127.0.0.1:${port}`);
  if (!(await printer.isPrinterConnected())) throw new Error('the printer is not connected');
  printer.setBuffer(Buffer.alloc(0));
  await printer.getStatus();
  const question = printer.getBuffer();
  const answer = await printer.execute({ waitForResponse: true });
  printer.setBuffer(bytes);
  await printer.execute();
  return { answer, sent: Buffer.concat([question, bytes]) };
}

const bytes = await encoders[name](wanted);
if (name === 'node-thermal-printer') {
  const { answer, sent } = await byItself(bytes);
  fs.writeFileSync(file, sent);
  console.log(answer.toString('hex'));
} else {
  fs.writeFileSync(file, Buffer.concat([questions, bytes]));
  console.log((await over(net.connect(Number(port), '127.0.0.1'), bytes)).toString('hex'));
}
