### 首页。

home-title = 选购和使用云商品
home-hero = 好软件，找得到人
home-lead = { $count ->
    [1] 目前有1件商品，经人工审核，首页即见真实价格。
    [0] 镜像、应用、许可证和服务，每一件都经人工审核，首页即见真实价格。
   *[other] { $count }件镜像、应用、许可证和服务，每一件都经人工审核，首页即见真实价格。
}
home-search-label = 您需要什么？
home-search-try = 您需要什么？例如：数据库备份
home-fresh = 新品上架
home-see-all = 查看全部
home-by-kind = 按交付方式选购
home-kind-saas = 应用，即开即用
home-kind-saas-note = 几分钟内为您开通的 SaaS
home-kind-image = 镜像
home-kind-image-note = 经过扫描和更新，在您自己的账号中启动
home-kind-licence = 许可证
home-kind-licence-note = 用于您自行运行的软件的密钥和授权码
home-kind-consulting = 咨询
home-kind-consulting-note = 由有经验的人提供建议
home-kind-service = 服务
home-kind-service-note = 约定步骤和验收标准的项目
home-word = 我们的承诺
home-word-review = 人工审核
home-word-review-text = 每次发布和修改都与上一版本逐项比对，审核日期写在商品页上。
home-word-price = 先看全部价格
home-word-price-text = 登录前即可看到单价、税费、今日应付和下次扣费日期。
home-word-refund = 不开通即退款
home-word-refund-text = 服务商系统在{ $window }内未响应，订单自动取消并全额退款。
home-empty-text = 市场即将开业，首批服务商正在布置店面。欢迎再来，也欢迎您来开店。
home-room-title = 这里留给您的商品
home-room-text = 提交入驻申请，联调一次接口，即可发布商品。每次发布都有专人审阅，并说明理由。
