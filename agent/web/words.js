// Every word of the cashier's page, Chinese and English.

export const words = {
  lane: { zh: '机位', en: 'Lane' },
  connecting: { zh: '正在连接', en: 'Connecting' },
  online: { zh: '在线', en: 'Online' },
  offline: { zh: '离线，收银不受影响', en: 'Offline, sales go on' },
  lost: { zh: '与本机助手断开，正在重连', en: 'Lost the agent, reconnecting' },
  waiting: { zh: '等待上传 {n} 条', en: '{n} waiting to upload' },
  language: { zh: 'English', en: '中文' },
  recent: { zh: '最近的销售', en: 'Last sales' },
  nothingYet: { zh: '还没有销售', en: 'No sales yet' },
  asOf: { zh: '数据截至 {t}', en: 'Data as of {t}' },
  noData: { zh: '会员数据尚未下载', en: 'No member data yet' },
  store: { zh: '本店', en: 'this store' },
  chain: { zh: '全连锁', en: 'whole chain' },
  friend: { zh: '{name} 的好友', en: 'A friend of {name}' },
  items: { zh: '{n} 件商品', en: '{n} lines' },
  joinTitle: { zh: '请顾客扫码进群', en: 'Scan to join the group' },
  join: { zh: '进群码', en: 'Join code' },
  coupon: { zh: '优惠券', en: 'Coupon' },
  hers: { zh: '顾客的券', en: "The shopper's coupons" },
  usableNow: { zh: '现在可用，本单减 {m}', en: 'Usable now: {m} off this bill' },
  usableGift: { zh: '现在可用', en: 'Usable now' },
  stillMissing: { zh: '{why}，还差 {m}', en: '{why}, {m} to go' },
  couponIssued: { zh: '已发券：{title}', en: 'Issued: {title}' },
  codeIdle: { zh: '进群码和优惠券显示在这里', en: 'Join code and coupons appear here' },
  validUntil: { zh: '有效至 {d}', en: 'Valid to {d}' },
  closedWithCoupon: { zh: '已结账，请把优惠券交给顾客', en: 'Closed: hand over the coupon' },
  closed: { zh: '已结账', en: 'Closed' },
  issued: { zh: '发券 {n} 张', en: '{n} coupon(s)' },
  redeemed: { zh: '用券 {n} 张', en: '{n} redeemed' },
  unapproved: { zh: '{n} 张券未核销', en: '{n} not approved' },
  earnedNothing: { zh: '无券', en: 'no coupon' },
  notASale: { zh: '不计销售', en: 'no sale' },
  returned: { zh: '退货', en: 'Return' },
  revoked: { zh: '作废 {n} 张券', en: '{n} revoked' },
  notRecorded: { zh: '没有记上，请再按一次', en: 'Not recorded, press again' },
  letIn: { zh: '请运行 tillside open cashier 重新打开', en: 'Run tillside open cashier to open this page again' },
  keys: { zh: '顾客的回答', en: "The shopper's answer" },
};

export const scanWords = {
  free: { zh: '券可用', en: 'Coupon is good' },
  approved: { zh: '已占用', en: 'Held for this lane' },
  asking: { zh: '正在问总部', en: 'Asking headquarters' },
  refused: { zh: '不能用', en: 'Not usable' },
  released: { zh: '已释放', en: 'Released' },
  spent: { zh: '已核销', en: 'Redeemed' },
  handedOver: { zh: '已交货', en: 'Handed over' },
  left: { zh: '还占用着', en: 'Still held' },
  leftWhy: { zh: '这一单没有核销这张券', en: 'The sale that was closed did not redeem it' },
  bill: { zh: '本单', en: 'This bill' },
  noLane: { zh: '要占用请以 ?lane=机位 打开本页', en: 'Open this page with ?lane= to hold it' },
  notOurs: { zh: '不是本店的券码', en: 'Not one of our coupon codes' },
  notChecked: { zh: '没有查成，请再扫一次', en: 'Not checked, scan again' },
  notDone: { zh: '没有办成，请再按一次', en: 'Not done, press again' },
  typing: { zh: '券码 {code} ▏回车查询 · Esc 清除', en: 'Code {code} ▏Enter to check · Esc to clear' },
};

export const scanActs = {
  hold: { zh: '占用', en: 'Hold' },
  ask: { zh: '再问一次', en: 'Ask again' },
  takeOver: { zh: '转到本机位', en: 'Take over here' },
  release: { zh: '取消占用', en: 'Release' },
  handOver: { zh: '交货核销', en: 'Hand over' },
  again: { zh: '再查一次', en: 'Check again' },
  close: { zh: '关闭', en: 'Close' },
};

export const verdicts = {
  idle: { zh: '等待下一单', en: 'Waiting for the next checkout' },
  member: { zh: '群成员', en: 'In the group' },
  elsewhere: { zh: '外店群成员', en: "In another store's group" },
  not_member: { zh: '不在群', en: 'Not in the group' },
  unknown: { zh: '不确定', en: 'Cannot tell yet' },
  unidentified: { zh: '未报会员', en: 'Nobody named yet' },
};

export const answers = [
  { answer: 'asked', key: 'F1', zh: '已邀请', en: 'Asked' },
  { answer: 'declined', key: 'F2', zh: '不想进群', en: 'Declined' },
  { answer: 'no_phone', key: 'F3', zh: '没带手机', en: 'No phone' },
  { answer: 'in_group', key: 'F4', zh: '出示已在群', en: 'Shows she is in' },
];

let first = readChoice();

function readChoice() {
  try {
    return localStorage.getItem('language') === 'en' ? 'en' : 'zh';
  } catch {
    return 'zh';
  }
}

export function language() {
  return first;
}

export function switchLanguage() {
  first = first === 'zh' ? 'en' : 'zh';
  try {
    localStorage.setItem('language', first);
  } catch {
    // A browser without storage forgets the choice.
  }
}

// {zh, en} in the chosen language, with {name}s filled in.
export function say(pair, values = {}) {
  return pair[first].replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);
}

// The other language, shown small beside it.
export function beside(pair, values = {}) {
  return pair[first === 'zh' ? 'en' : 'zh'].replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);
}
