// Who plays in the first sale: three casts, one for each way in which it is walked. Everything they type is here.

/** Applies to sell, and waits for an answer for ever. */
export const APPLICANT = {
  name: "Bluebell Forms",
  contact: "Iris Okafor",
  email: "iris@bluebell.example",
  supportEmail: "help@bluebell.example",
  website: "https://bluebell.example",
  country: "United Kingdom",
  city: "Exeter",
  street: "4 Castle Yard",
  introduction: "Forms that people finish: short, kind to phones, and readable by a machine afterwards. Nine people, two of them answer the phone.",
};

/** English, light, wide, with scripts. */
export const ENGLISH = {
  title: "first sale in English",
  slug: "granary",
  look: { language: "en", theme: "light", width: 1280 },
  javascript: true,
  company: {
    name: "Brightwell Systems",
    contact: "Mei Tan",
    email: "mei@brightwell.example",
    supportEmail: "care@brightwell.example",
    website: "https://brightwell.example",
    country: "Singapore",
    city: "Singapore",
    street: "12 Tanjong Pagar Road",
    introduction: "We copy databases and prove that the copies open. Forty people in Singapore, since 2019, with customers in nine countries.",
  },
  product: {
    name: "Granary Backup",
    nameChinese: "谷仓备份",
    shown: "Granary Backup",
    shownPlan: "Team",
    category: "backup",
    logo: {
      ground: "#d9694a",
      mark: '<path d="M26 46h24v-20h-24zM26 70h46v-20h-46z" fill="#fff3e6"/><path d="M26 94h70v-20h-70z" fill="#3a1508"/>',
    },
    search: "database backup",
    supportEmail: "care@brightwell.example",
    summary: "Hourly database backups that are opened and checked every week.",
    summaryChinese: "每小时备份数据库，每周自动打开校验。",
    highlights: "Copies are encrypted with your own key before they leave your network\nOne copy a week is restored into an empty server and counted\nPlain dumps at any time, no lock-in",
    highlightsChinese: "备份离开您的网络前已用您的密钥加密\n每周恢复一份到空服务器并核对行数\n随时导出标准格式，不锁定",
    description: `## A backup that was never opened is a hope

Granary copies your PostgreSQL and MySQL databases, restores one copy a week into an empty server, counts the rows and sends you the report. You choose the hour and the region; we keep what you need and delete what you do not.

## What you get

- Copies every hour, kept 35 days
- A weekly restore test with a signed report
- One page that shows what is protected, what is not, and since when

## What you need

| Database | Version |
|---|---|
| PostgreSQL | 13 or later |
| MySQL | 8.0 or later |

A read-only account is enough. Nothing is installed on your servers, and you can stop at any time and take everything with you.`,
    descriptionChinese: `## 没打开过的备份只是一种希望

谷仓备份会复制您的 PostgreSQL 和 MySQL 数据库，每周把一份备份恢复到空服务器，核对行数，并把报告发给您。时间和区域由您选择。

- 每小时一份，保留35天
- 每周恢复测试，附签名报告
- 一个页面看清哪些数据受保护、从何时起`,
    plans: [
      { name: "Starter", nameChinese: "入门版", summary: "Daily copies, kept 14 days", summaryChinese: "每天一份，保留14天", month: "9.00", year: "90.00", monthShown: "9.00" },
      { name: "Team", nameChinese: "团队版", summary: "Hourly copies, kept 35 days, weekly restore test", summaryChinese: "每小时一份，保留35天，每周恢复测试", month: "19.00", year: "190.00", monthShown: "19.00", trialDays: "14" },
    ],
  },
  customer: { organisation: "Kestrel Freight", name: "Priya Raman", email: "priya@kestrel.example" },
};

/** English without scripts. */
export const PLAIN = {
  title: "first sale without scripts",
  slug: "tally",
  look: { language: "en", theme: "dark", width: 1280 },
  javascript: false,
  company: {
    name: "Cedar Ledger",
    contact: "Omar Haddad",
    email: "omar@cedar.example",
    supportEmail: "help@cedar.example",
    website: "https://cedar.example",
    country: "Lebanon",
    city: "Beirut",
    street: "4 Rue Gouraud",
    introduction: "Invoices that match the bank statement by themselves. A small team of accountants and programmers, since 2016.",
  },
  product: {
    name: "Tally Invoices",
    nameChinese: "对账通",
    shown: "Tally Invoices",
    shownPlan: "Office",
    category: "finance",
    logo: {
      ground: "#2f6f5e",
      mark: '<path d="M34 30v60M52 30v60M70 30v60M88 30v60" stroke="#e9f5ef" stroke-width="7" stroke-linecap="round"/><path d="M24 78 98 42" stroke="#f2b84b" stroke-width="8" stroke-linecap="round"/>',
    },
    search: "invoices",
    supportEmail: "help@cedar.example",
    summary: "Invoices that match the bank statement by themselves.",
    summaryChinese: "发票与银行流水自动对账。",
    highlights: "Reads the statements of 400 banks\nEvery match can be undone",
    highlightsChinese: "支持四百家银行的流水\n每一笔匹配都可撤销",
    description: `## The month end in an hour

Tally writes invoices, reads your bank statement every morning and puts the two together. What it is not sure about, it asks you, once. What it has learned it keeps to your company alone.

- Invoices in 12 currencies, with your own numbers and your own look
- Reminders that stay polite for as long as you wish
- A clean export for your accountant, in the format that accountants like

You need a bank that sends statements as CSV, MT940 or camt.053. Most do. Setting up takes an afternoon, and we help you with the first month end by phone.`,
    descriptionChinese: `对账通开具发票，每天早晨读取银行流水，并自动匹配。没有把握的，只问您一次。`,
    plans: [
      { name: "Office", nameChinese: "办公版", summary: "One company, unlimited invoices", summaryChinese: "一家公司，发票不限量", month: "24.00", year: "240.00", monthShown: "24.00" },
    ],
  },
  customer: { organisation: "Harbour Bakery", name: "Lena Fuchs", email: "lena@bakery.example" },
};

/** Chinese, dark, narrow, with scripts. */
export const CHINESE = {
  title: "first sale in Chinese",
  slug: "chenghai",
  look: { language: "zh", theme: "dark", width: 360 },
  javascript: true,
  company: {
    name: "澄海数据科技有限公司",
    contact: "陈晓舟",
    email: "chen@chenghai.example",
    supportEmail: "fuwu@chenghai.example",
    website: "https://chenghai.example",
    country: "中国",
    city: "杭州",
    street: "文三路188号",
    introduction: "我们为制造企业提供数据看板，从车间设备到管理层报表，一套系统全部打通。成立于2018年，服务三百多家工厂。",
  },
  product: {
    name: "Chenghai Boards",
    nameChinese: "澄海数据看板",
    shown: "澄海数据看板",
    shownPlan: "工厂版",
    category: "analytics",
    logo: {
      ground: "#274c8f",
      mark: '<path d="M28 92V66M50 92V48M72 92V58M94 92V30" stroke="#dbe7ff" stroke-width="12" stroke-linecap="round"/><circle cx="50" cy="27" r="8" fill="#7fd1e0"/>',
    },
    search: "数据看板",
    supportEmail: "fuwu@chenghai.example",
    summary: "Machine data as charts that people can read, on the first day.",
    summaryChinese: "把车间设备的数据变成看得懂的图表，当天就能上线。",
    highlights: "Connects to 60 kinds of controllers\nA chart on the first day",
    highlightsChinese: "支持六十种控制器\n当天看到第一张图表",
    description: `## From the machine to the meeting

Boards reads what your machines already know and shows it where decisions are made: on the floor, in the office, on the phone. A small box connects to the controllers; nothing is changed in them, and nothing leaves the plant that you did not choose.

- Sixty kinds of controllers, read only
- Stops, speed and quality by the minute
- Reports by shift, by line, by product

It takes a day to see the first chart and a week to see the first surprise. We train two of your people; after that you build your own boards without us.`,
    descriptionChinese: `## 从设备到会议室

看板读取设备已有的数据，显示在需要决策的地方：车间、办公室、手机。一个小盒子连接控制器，不改动任何设置，未经您选择的数据不会离开工厂。

- 六十种控制器，只读接入
- 停机、速度、质量，按分钟显示
- 按班次、产线、产品出报表

一天看到第一张图表，一周看到第一个意外。我们培训您的两名员工，之后您可以自己搭建看板。`,
    plans: [
      { name: "Line", nameChinese: "产线版", summary: "One production line", summaryChinese: "一条产线", month: "65.00", year: "650.00", monthShown: "65.00" },
      { name: "Plant", nameChinese: "工厂版", summary: "All lines of one plant", summaryChinese: "一座工厂的全部产线", month: "180.00", year: "1800.00", monthShown: "180.00", trialDays: "7" },
    ],
  },
  customer: { organisation: "远山精密制造", name: "李瑶", email: "liyao@yuanshan.example" },
};
