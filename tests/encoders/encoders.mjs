// One function for each library: a receipt in its words, as the bytes it would send. What a library cannot do is left out
// here, and said.
import { createRequire } from 'node:module';
import iconv from 'iconv-lite';
import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';
import { transform } from 'receiptline';
import { logo } from './receipts.mjs';

const require = createRequire(import.meta.url);
const thermal = require('node-thermal-printer');
const { Image, InMemory, Model, Printer, Align, Style, Cut, Drawer } = require('escpos-buffer');
const { PNG } = createRequire(require.resolve('node-thermal-printer'))('pngjs');

function logoAsPng() {
  const { data, width, height } = logo();
  const png = new PNG({ width, height });
  png.data = Buffer.from(data);
  return PNG.sync.write(png);
}

// A partial cut, the drawer before it. It begins by switching Kanji mode off and knows no Chinese: its users switch it on
// again and send such lines raw.
async function receiptPrinterEncoder(receipt) {
  const encoder = new ReceiptPrinterEncoder({ printerModel: 'epson-tm-t88vi', columns: 42, feedBeforeCut: 4 });
  const line = receipt.encoding === 'gb18030'
    ? (text) => encoder.raw([...iconv.encode(text, 'gb18030'), 0x0a])
    : (text) => encoder.line(text);
  encoder.initialize();
  if (receipt.encoding === 'gb18030') encoder.raw([0x1c, 0x26]);
  encoder.align('center').image(logo(), 64, 48, 'threshold').size(2, 2).bold(true);
  line(receipt.shop);
  encoder.bold(false).size(1, 1).align('left');
  receipt.head.forEach(line);
  receipt.items.forEach(line);
  encoder.bold(true);
  line(receipt.total);
  encoder.bold(false);
  receipt.tail.forEach(line);
  encoder.align('center').qrcode(receipt.link, { model: 2, size: 5, errorlevel: 'm' });
  encoder.barcode(receipt.number, 'code128', { height: 60 });
  line(receipt.thanks);
  return Buffer.from(encoder.pulse().cut('partial').encode());
}

// Two kicks of the drawer, ESC @ behind the cut. It has a line to the printer of its own: deliver.mjs.
export function thermalPrinter(receipt, address) {
  return new thermal.ThermalPrinter({
    type: thermal.PrinterTypes.EPSON,
    interface: address,
    characterSet: receipt.encoding === 'gb18030' ? thermal.CharacterSet.CHINA : thermal.CharacterSet.PC437_USA,
    width: 42,
  });
}
async function nodeThermalPrinter(receipt) {
  const printer = thermalPrinter(receipt);
  printer.alignCenter();
  await printer.printImageBuffer(logoAsPng());
  printer.setTextDoubleHeight();
  printer.bold(true);
  printer.println(receipt.shop);
  printer.bold(false);
  printer.setTextNormal();
  printer.alignLeft();
  [...receipt.head, ...receipt.items].forEach((text) => printer.println(text));
  printer.bold(true);
  printer.println(receipt.total);
  printer.bold(false);
  receipt.tail.forEach((text) => printer.println(text));
  printer.alignCenter();
  printer.printQR(receipt.link, { cellSize: 5, correction: 'M', model: 2 });
  printer.newLine();
  printer.code128(receipt.number, { width: 2, height: 60, hriPos: 2 });
  printer.println(receipt.thanks);
  printer.openCashDrawer();
  printer.cut();
  return printer.getBuffer();
}

// Prints pictures by columns of 24 dots (ESC *). It has no bar codes; its Epson profile is taught Chinese.
async function escposBuffer(receipt) {
  const connection = new InMemory();
  const model = new Model('TM-T20');
  model.profile.capabilities.codepages.push({ code: 'gb18030', command: '\x1c&' });
  const printer = await Printer.CONNECT(model, connection);
  await printer.setCodepage(receipt.encoding);
  await printer.setAlignment(Align.Center);
  await printer.draw(new Image({ ...logo(), data: Buffer.from(logo().data) }));
  await printer.writeln(receipt.shop, Style.Bold | Style.DoubleHeight, Align.Center);
  await printer.setAlignment(Align.Left);
  for (const text of [...receipt.head, ...receipt.items]) await printer.writeln(text);
  await printer.writeln(receipt.total, Style.Bold);
  for (const text of receipt.tail) await printer.writeln(text);
  await printer.setAlignment(Align.Center);
  await printer.qrcode(receipt.link, 5);
  await printer.writeln(receipt.thanks, 0, Align.Center);
  await printer.feed(4);
  await printer.drawer(Drawer.First);
  await printer.cutter(Cut.Partial);
  return connection.buffer();
}

// Receipts in a markup; the library lays them out in dots and with margins of its own.
async function receiptLine(receipt) {
  const escape = (text) => text.replace(/([\\|{}~_"`^-])/g, '\\$1').replace(/ +/g, (spaces) => '~'.repeat(spaces.length));
  const left = (text) => '|' + escape(text);
  const document = [
    `{image:${logoAsPng().toString('base64')}}`,
    `^^"${escape(receipt.shop)}"`,
    ...receipt.head.map(left), ...receipt.items.map(left),
    `|"${escape(receipt.total)}`, ...receipt.tail.map(left),
    `{code:${receipt.link};option:qrcode,5,m}`,
    `{code:${receipt.number};option:code128,2,60,hri}`,
    escape(receipt.thanks),
  ].join('\n');
  const printed = transform(document, { command: 'escpos', encoding: receipt.encoding, cpl: 42, cutting: true });
  return Buffer.from(printed, 'binary');
}

export const encoders = {
  'receipt-printer-encoder': receiptPrinterEncoder,
  'node-thermal-printer': nodeThermalPrinter,
  'escpos-buffer': escposBuffer,
  receiptline: receiptLine,
};
