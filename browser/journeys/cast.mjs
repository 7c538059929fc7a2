// Who plays in the first sale: three casts, one for each way in which it is walked. Everything they type is here.

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
    summary: "Hourly database backups that are opened and checked every week.",
    plan: "Team",
    search: "backup",
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
    summary: "Invoices that match the bank statement by themselves.",
    plan: "Office",
    search: "invoices",
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
    summary: "把车间设备的数据变成看得懂的图表，当天就能上线。",
    plan: "标准版",
    search: "看板",
  },
  customer: { organisation: "远山精密制造", name: "李瑶", email: "liyao@yuanshan.example" },
};
