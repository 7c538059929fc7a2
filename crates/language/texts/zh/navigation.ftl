### 各中心的侧边导航。

nav-orders = 订单
nav-money = 资金
nav-balance = 账户余额
nav-overview = 概览
nav-products = 我的商品
nav-application = 入驻申请
nav-integration = 接口对接
nav-addresses = 接口地址
nav-debugger = 接口调试
nav-selling = 销售
nav-work = 待办事项
nav-reviews = 审核
nav-seller-applications = 入驻审核
nav-releases = 商品审核
nav-market = 市场管理
nav-balances = 客户余额
nav-members = 成员管理
nav-keys = 访问密钥
nav-security = 登录与安全
nav-to-market = 前往市场
