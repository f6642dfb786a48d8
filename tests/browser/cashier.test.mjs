// Opens /cashier through a one-time link, posts an advise and a complete as a POS does, and looks at what the cashier
// sees. Waits on conditions only. Usage: node cashier.test.mjs <server program> <folder for screenshots>
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { scannerOf } from './scanner_keys.mjs';
import { checkout, kChromium, kFlags, run, startServer } from './workbench.mjs';

const [program, pictures] = process.argv.slice(2);
const kMember = '13800138000', kNoMember = '13700137000', kElsewhere = '13900139000';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

mkdirSync(pictures, { recursive: true });
const server = await startServer(program);
const { at, tell, post } = server;

const advise = (sequence, phone) => post('/v1/checkouts/advise', checkout('total', sequence, phone));
const complete = (sequence, phone) => post('/v1/checkouts/complete', checkout('completed', sequence, phone));

const profile = mkdtempSync(join(tmpdir(), 'tillside-browser-'));
const browser = await chromium.launchPersistentContext(profile,
  { executablePath: kChromium, headless: true, args: kFlags, viewport: { width: 1024, height: 600 } });
const page = await browser.newPage();
const faults = [];
page.on('pageerror', (error) => faults.push(String(error)));
page.on('console', (message) => { if (/Content Security Policy/.test(message.text())) faults.push(message.text()); });

const verdict = (word) => page.getByRole('heading', { name: word, exact: true }).waitFor();
const drawn = (selector) => page.waitForFunction((s) => {
  const picture = document.querySelector(s);
  return picture && !picture.hidden && picture.complete && picture.naturalWidth > 0;
}, selector);
const picture = (name) => page.screenshot({ path: join(pictures, `${name}.png`) });

const scan = scannerOf(await page.context().newCDPSession(page));

async function fits() {
  const over = await page.evaluate(() => [...document.querySelectorAll('.verdict, .say, .scan, .scan-coupon, .code, .hers li, .key, .bar')]
    .filter((box) => box.offsetParent && (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1))
    .map((box) => `${box.className || box.id} ${box.scrollWidth}x${box.scrollHeight} in ${box.clientWidth}x${box.clientHeight}`));
  assert.deepEqual(over, [], 'something is cut off');
}

// Accessibility by axe, evaluated from the test's side: the page's own policy allows no foreign script.
async function accessible(where) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }));
  const found = result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  assert.deepEqual(found, [], where);
}

async function eachSize(name) {
  for (const [width, height] of [[1366, 768], [1024, 600]]) {
    await page.setViewportSize({ width, height });
    await fits();
    await picture(`${name}-${width}x${height}`);
  }
}

const steps = {
  async 'a stranger sees how to open the page'() {
    const response = await page.goto(at.base + '/cashier');
    assert.equal(response.status(), 401);
    await page.getByText('tillside open cashier').waitFor();
    await accessible('closed');
  },
  async 'a one-time link opens it'() {
    await page.goto(at.url);
    assert.equal(new URL(page.url()).pathname, '/cashier');
    await page.getByText('在线').waitFor();
    await page.getByText('文三路店').waitFor();
    await verdict('等待下一单');
    await eachSize('idle');
    await accessible('idle');
  },
  async 'somebody who is not in the group is invited'() {
    const advice = await advise(1, kNoMember);
    await verdict('不在群');
    await page.getByText(advice.prompts[0].zh).waitFor();
    await page.getByText('数据截至').waitFor();
    await drawn('#qr');
    await eachSize('not_member');
    await accessible('not a member');
  },
  async 'the cashier answers with a key'() {
    await page.keyboard.press('F1');
    await page.locator('.key[aria-pressed="true"]', { hasText: '已邀请' }).waitFor();
    await page.locator('.key', { hasText: '不想进群' }).click();
    await page.locator('.key[aria-pressed="true"]', { hasText: '不想进群' }).waitFor();
  },
  async 'the coupon appears when the sale is closed'() {
    const answer = await complete(1, kNoMember);
    await page.getByText(answer.coupons[0].typed).waitFor();
    await page.getByText('减20元').first().waitFor();
    await drawn('#qr');
    await page.locator('#recent li', { hasText: '¥123.45' }).waitFor();
    await eachSize('coupon');
    await accessible('coupon');
    await page.getByRole('button', { name: '进群码' }).click();
    await page.getByRole('heading', { name: '请顾客扫码进群' }).waitFor();
  },
  async 'each verdict has its own words'() {
    await advise(2, kMember);
    await verdict('群成员');
    await eachSize('member');
    await accessible('member');
    await advise(2, kElsewhere);
    await verdict('外店群成员');
    await eachSize('elsewhere');
    await advise(2);
    await verdict('未报会员');
    await eachSize('unidentified');
    await accessible('unidentified');
    const unknown = checkout('total', 2);
    unknown.customer = { ids: [{ type: 'member_code', value: '4411998822', proof: 'scanned' }] };
    await post('/v1/checkouts/advise', unknown);
    await verdict('不确定');
    await eachSize('unknown');
    await accessible('unknown');
  },
  async 'a member who scanned sees her coupons listed'() {
    await tell('coupons');
    await advise(3, kMember);
    await verdict('群成员');
    assert.equal(await page.locator('#hers li').count(), 0, 'a number said aloud lists nothing');
    const scanned = checkout('total', 3, kMember);
    scanned.customer.ids[0].proof = 'scanned';
    const advice = await post('/v1/checkouts/advise', scanned);
    assert.equal(advice.usable_coupons.length, 3);
    await page.getByRole('heading', { name: '顾客的券 · 3' }).waitFor();
    const lines = page.locator('#hers li');
    assert.equal(await lines.count(), 3);
    const shown = await lines.allInnerTexts();
    assert.ok(shown.some((line) => line.includes('现在可用，本单减 ¥20.00') && line.includes('周末满100减20')), shown.join('|'));
    assert.ok(shown.some((line) => line.includes('<img src=x onerror=alert(1)>进群礼') && line.includes('还差 ¥76.55')), shown.join('|'));
    assert.ok(shown.some((line) => line.includes('18 号收银机')), shown.join('|'));
    assert.equal(await page.locator('#hers img').count(), 0, 'a name is no markup');
    await eachSize('her_coupons');
    await accessible('her coupons');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('Usable now: ¥20.00 off this bill').waitFor();
    await eachSize('her_coupons_english');
    await page.getByRole('button', { name: '中文' }).click();
    await complete(3, kMember);
    await lines.first().waitFor({ state: 'hidden' });
    const unknown = checkout('total', 4);
    unknown.customer = { ids: [{ type: 'member_code', value: '4411998822', proof: 'scanned' }] };
    await post('/v1/checkouts/advise', unknown);
    await verdict('不确定');
  },
  async 'a scanned coupon is shown, held, redeemed and shown as spent'() {
    const coupon = (await complete(20, kNoMember)).coupons[0];
    await advise(21, kNoMember);
    await verdict('不在群');
    await scan(coupon.url);
    await verdict('券可用');
    await page.locator('#scan-title', { hasText: '周末满100减20' }).waitFor();
    await page.locator('#scan-bill', { hasText: '¥123.45' }).waitFor();
    await eachSize('scan_free');
    await accessible('scan, free');
    await page.keyboard.press('F8');
    await verdict('已占用');
    await eachSize('scan_held');
    await accessible('scan, held');
    await scan(coupon.url);
    await page.locator('#scan-act', { hasText: '取消占用' }).waitFor();
    await verdict('已占用');
    await page.locator('#scan-act').click();
    await verdict('已释放');
    await page.keyboard.press('F8');
    await verdict('已占用');
    await post('/v1/checkouts/complete', { ...checkout('completed', 21, kNoMember), coupons: [coupon.url] });
    await page.locator('#recent li', { hasText: '用券 1 张' }).waitFor();
    await page.locator('#scan').waitFor({ state: 'hidden' });
    await scan(coupon.url);
    await verdict('不能用');
    await page.locator('#scan-second', { hasText: '用过' }).waitFor();
    await eachSize('scan_refused');
    await accessible('scan, refused');
    await page.getByRole('button', { name: 'English' }).click();
    await verdict('Not usable');
    await eachSize('scan_refused_english');
    await page.getByRole('button', { name: '中文' }).click();
    await page.keyboard.press('Escape');
    await page.locator('#scan').waitFor({ state: 'hidden' });
  },
  async 'a coupon that the POS did not redeem is not forgotten'() {
    const coupon = (await complete(22, kNoMember)).coupons[0];
    await scan(coupon.url);
    await verdict('券可用');
    await page.keyboard.press('F8');
    await verdict('已占用');
    await complete(23, kNoMember);
    await verdict('还占用着');
    await eachSize('scan_left');
    await page.keyboard.press('F8');
    await verdict('已释放');
    await page.keyboard.press('Escape');
  },
  async 'whatever the scanner, the keyboard and the input method'() {
    const { url, digits, typed } = (await complete(24, kNoMember)).coupons[0];
    const ways = {
      'US': () => scan(url),
      'lower case': () => scan(url.toLowerCase()),
      'French': () => scan(url, { layout: 'kAzerty' }),
      'German': () => scan(url, { layout: 'kQwertz' }),
      'Nordic, Tab behind': () => scan(url, { layout: 'kNordic', suffix: 'Tab' }),
      'Dvorak': () => scan(url, { layout: 'kDvorak' }),
      'a Chinese input method': () => scan(url, { process: true }),
      'no suffix': () => scan(url, { suffix: '' }),
      'laser, digits': () => scan(digits),
      'laser, French keyboard': () => scan(digits, { layout: 'kAzerty' }),
      'laser, Czech keyboard, no suffix': () => scan(digits, { layout: 'kCzech', suffix: '' }),
      'ALT mode': () => scan(digits, { alt: true }),
      'by hand': async () => {
        await page.keyboard.type(typed.toLowerCase().slice(0, -1) + 'x', { delay: 110 });
        await page.keyboard.press('Backspace');
        await page.keyboard.press(typed.slice(-1).toLowerCase());
        await page.locator('#typing', { hasText: typed.toLowerCase() }).waitFor();
        await page.keyboard.press('Enter');
      },
    };
    for (const [name, way] of Object.entries(ways)) {
      await way();
      await verdict('券可用').catch(() => assert.fail(name));
      await page.keyboard.press('Escape');
      await page.locator('#scan').waitFor({ state: 'hidden' });
    }
  },
  async 'a scan answers no prompt and presses no button'() {
    const { url, digits } = (await complete(25, kNoMember)).coupons[0];
    await advise(26, kNoMember);
    await verdict('不在群');
    await page.locator('.key', { hasText: '没带手机' }).focus();
    await scan(url);
    await verdict('券可用');
    await page.keyboard.press('Escape');
    await scan(digits.slice(0, 12) + '\u0001' + digits.slice(12));  // F1 in the middle of it
    await verdict('券可用');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.key[aria-pressed="true"]').count(), 0);
    await page.keyboard.press('F2');
    await page.locator('.key[aria-pressed="true"]', { hasText: '不想进群' }).waitFor();
  },
  async 'a code that is none of ours is said in passing'() {
    await scan('6901234567892');
    await page.locator('#toast', { hasText: '不是本店的券码' }).waitFor();
    assert.ok(await page.locator('#scan').isHidden());
    await verdict('不在群');
  },
  async 'a voucher is handed over'() {
    const { voucher } = await tell('voucher');
    await scan(voucher);
    await verdict('券可用');
    await page.locator('#scan-title', { hasText: '榴莲一个' }).waitFor();
    assert.ok(await page.locator('#toast').isHidden(), 'what was said of another scan is gone');
    await eachSize('scan_voucher');
    await page.locator('#scan-act', { hasText: '交货核销' }).click();
    await verdict('已交货');
    await accessible('scan, handed over');
    await page.keyboard.press('Escape');
  },
  async 'what a serial scanner of the lane read is shown'() {
    const { url } = (await complete(27, kNoMember)).coupons[0];
    await post('/v1/scans', { code: url, lane_id: 'L2' });
    await verdict('券可用');
    await page.keyboard.press('Escape');
    const unknown = checkout('total', 28);
    unknown.customer = { ids: [{ type: 'member_code', value: '4411998822', proof: 'scanned' }] };
    await post('/v1/checkouts/advise', unknown);
    await verdict('不确定');
  },
  async 'the network is away and what waits is told'() {
    await tell('offline');
    await page.getByText('等待上传 12 条').waitFor();
    await page.getByText('离线').waitFor();
    await eachSize('offline');
    await accessible('offline');
    await tell('online');
    await page.locator('#link[data-state="online"]').waitFor();
  },
  async 'English is one button away and remembered'() {
    await page.getByRole('button', { name: 'English' }).click();
    await verdict('Cannot tell yet');
    await page.reload();
    await verdict('Cannot tell yet');
    await eachSize('english');
    await accessible('English');
    await page.getByRole('button', { name: '中文' }).click();
  },
  async 'everything can be reached with the keyboard'() {
    const reached = new Set();
    for (let i = 0; i < 8; ++i) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate(() => document.activeElement.id || document.activeElement.querySelector('kbd')?.textContent));
    }
    for (const name of ['language', 'F1', 'F2', 'F3', 'F4']) assert.ok(reached.has(name), `${name} by Tab`);
  },
  async 'the agent goes away and the page says so'() {
    server.end();
    await page.getByText('与本机助手断开').waitFor();
    await verdict('不确定');
    await picture('lost-1024x600');
  },
};

const failed = await run(steps, () => picture('failed'));
if (faults.length) console.error('FAIL the page reported:\n' + faults.join('\n'));
await browser.close();
server.end();
rmSync(profile, { recursive: true, force: true });
process.exit(failed || faults.length ? 1 : 0);
