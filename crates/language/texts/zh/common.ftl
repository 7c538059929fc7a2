### 各页共用的词语：页面框架、按钮、状态、表单。

# 页面框架
common-skip-to-main = 跳到主要内容
common-menu = 菜单
common-main-navigation = 主导航
common-footer-navigation = 页脚
common-breadcrumb = 当前位置
common-search = 搜索
common-search-suggestions = 相近的商品
common-search-products = 搜索商品和服务
common-categories = 商品分类
common-sell-on-souk = 入驻成为服务商
common-my-apps = 我的应用
common-my-souk = 我的 Souk
common-seller-console = 服务商中心
common-operator-console = 运营后台
common-sign-in = 登录
common-sign-up = 注册账号
common-sign-out = 退出登录
common-account = 账号
common-account-of = { $name }的账号
common-notices = 消息
common-notices-unseen = { $count }条未读消息
common-open-count = { $count }项待处理
common-run-by = 本市场由 { $operator } 运营，基于开源软件 Souk。
common-help = 帮助与联系
common-api = 开发者 API
common-service-status = 服务状态
common-page-title = { $page } – Souk
common-error-title = 错误：{ $page }

# 偏好设置
common-preferences = 语言与外观
common-language = 语言
common-theme = 外观
common-theme-system = 跟随系统
common-theme-light = 浅色
common-theme-dark = 深色

# 按钮和短词
common-save = 保存
common-save-draft = 保存草稿
common-cancel = 取消
common-back = 返回
common-change = 修改
common-remove = 移除
common-copy = 复制
common-copy-what = 复制{ $what }
common-copied = 已复制
common-close = 关闭
common-details = 详情
common-show-more = 显示更多
common-optional = 选填
common-required = 必填
common-yes = 是
common-no = 否
common-pair = { $first }，{ $second }
common-none = 无
common-undo = 撤销
common-choose = 请选择

# 表单
common-there-is-a-problem = 有内容需要修改
common-label-end = ：
common-error-prefix = 错误：
common-reference = 参考编号 { $reference }
common-saved-at = 已保存 { $time }
common-saving = 正在保存…
common-not-saved = 尚未保存，正在重试。
common-not-saved-yet = 尚未保存
common-fixed-after-release = 发布后不可修改
common-characters-left = 还可输入{ $count }个字符

# 状态
common-status-not-started = 未开始
common-status-in-progress = 进行中
common-status-done = 已完成
common-status-has-error = 有错误
common-status-active = 使用中
common-status-failed = 失败
common-status-draft = 草稿
common-status-waiting = 等待中

# 检查
common-check-pass = 通过
common-check-warn = 注意
common-check-fail = 未通过
common-check-label = { $verdict }：
common-more-passed = 另有{ $count }项已通过

# 列表
common-page-newer = 较新
common-page-older = 较早
common-paging = 翻页
keys-title = 快捷键
keys-next = 下一个申请
keys-previous = 上一个申请
keys-reason = 为下一个字段填写理由
keys-search = 搜索市场
keys-list = 显示本列表
keys-on = 启用单字母快捷键（输入文字时不生效）
common-products-count = { $count }件商品
common-nothing-here = 暂无内容
common-before = 修改前
common-after = 修改后
common-old = 旧
common-new = 新

# 金额
common-total-today = 今日应付
common-next-charge = 下次扣费
common-from = 起价
common-per-month = 每月
common-per-year = 每年
common-one-time = 一次性

# 样式缺失时
common-assets-missing = 本次构建缺少样式和脚本。请运行“cargo xtask assets”后重新构建。
