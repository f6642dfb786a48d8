// What a fruit shop prints, once in Chinese and once in English; the encoders say it in their own ways.
const two = (number) => String(number).padStart(2, '0');

// The shop's wall clock, to the second: the receipts are of today.
function shopTime() {
  const at = new Date(Date.now() + 8 * 3600 * 1000);
  const date = [at.getUTCFullYear(), two(at.getUTCMonth() + 1), two(at.getUTCDate())].join('-');
  return date + ' ' + [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':');
}

const spread = (left, right) => left + ' '.repeat(32 - left.length - right.length) + right;
const rule = '-'.repeat(32);

export function receipt(kind, number) {
  if (kind === 'western') {
    return {
      encoding: 'cp437',
      shop: 'Fruit shop',
      head: [`Receipt: ${number}`, shopTime()],
      items: [rule, spread('Apple', '10.00'), spread('Pear', '14.58'), rule],
      total: spread('Total', '24.58'),
      tail: [spread('Cash', '24.58')],
      link: `https://shop.example.com/r/${number}`,
      number: String(100000 + number),
      thanks: 'Thank you',
    };
  }
  return {
    encoding: 'gb18030',
    shop: '鲜果巷文三路店',
    head: [`小票号：${number}   款台：L2`, '收银员：E1007', `时间：${shopTime()}`],
    items: ['商品名称     数量    单价   小计', '1 苹果 1kg 10.00 10.00', '2 鸭梨 1kg 14.58 14.58', rule],
    total: '合计：24.58',
    tail: ['应收：24.58', '微信支付：24.58'],
    link: `https://shop.example.cn/r/${number}`,
    number: String(200000 + number),
    thanks: '谢谢惠顾',
  };
}

// A logo of 64 by 48 dots, as RGBA: a frame with a diagonal in it. Its dots hold bytes that would be cuts and questions.
export function logo() {
  const width = 64, height = 48, data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const frame = x < 2 || y < 2 || x > width - 3 || y > height - 3;
      const row = [0x1b, 0x69, 0x1d, 0x56, 0x00, 0x10, 0x04, 0x01];  // ESC i, GS V 0, DLE EOT 1
      const pattern = y > 16 && y < 32 && (row[x >> 3] >> (7 - (x & 7))) & 1;
      if (frame || pattern || x === y) data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  return { data, width, height };
}
