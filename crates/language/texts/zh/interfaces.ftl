### 服务商接口：拨测、失败订单、域名验证、密钥。

# 拨测
dial-case-spoilt = 保存的参数值已不符合要求：{ $members }。请打开该用例，修正后重新保存。
dial-case-missing = 没有保存此必需调用的用例。
dial-title = 拨测
dial-lead = 只要有商品使用该地址销售，每天上午和下午都会调用该地址的全部已保存用例。
dial-next = 下次拨测开始于 { $at }。
dial-days = { $days ->
    [0] 没有连续失败的天数。
   *[other] 已连续失败 { $days } 天。
}
dial-limit = { $days ->
    [0] 拨测失败不会暂停交易。
   *[other] 连续失败 { $days } 天后暂停交易。
}
dial-run = 立即拨测
dial-run-note = 每个已保存的用例调用一次。失败不计入连续天数。
dial-running = 拨测自 { $at } 起正在进行，结果将显示在这里。
dial-update = 刷新
dial-none = 尚未拨测。
dial-when = 时间
dial-occasion = 拨测
dial-result = 结果
dial-failing-cases = 失败的用例
dial-occasion-morning = 上午
dial-occasion-afternoon = 下午
dial-occasion-asked = 手动
dial-result-passed = 通过
dial-result-failed = { $cases } 个中 { $failing } 个失败
dial-stopped = 由于拨测失败，{ $product } 已暂停交易。
dial-stopped-detail = 请修复您的系统，然后在此拨测。通过后会通知运营方，由其恢复交易。已购买的继续使用。
dial-stopped-product = 由于拨测失败，交易已暂停。
dial-stopped-operator = 运营方暂停了交易。
dial-stopped-operator-detail = 已购买的继续使用。详情请联系运营方。
dial-see-tests = 查看拨测
notice-dial-test-failed-subject = { $product } 拨测失败
notice-dial-test-failed-body = { $cases } 个已保存用例中 { $failing } 个失败。第一个是“{ $case }”：{ $reason } 连续失败天数：{ $days }。
notice-dial-test-stopped-subject = { $product } 已暂停交易：拨测失败
notice-dial-test-stopped-body = { $product } 的拨测连续 { $days } 天失败，交易已暂停，商品已隐藏。已购买的继续使用。最近一次 { $cases } 个已保存用例中 { $failing } 个失败，第一个是“{ $case }”：{ $reason } 请修复您的系统，并在地址页面拨测。通过后运营方可恢复交易。
notice-dial-test-stopped-operator-subject = { $product } 已暂停交易：拨测失败
notice-dial-test-stopped-operator-body = { $product } 的拨测连续 { $days } 天失败，交易已暂停，商品已隐藏。最近一次 { $cases } 个已保存用例中 { $failing } 个失败，第一个是“{ $case }”：{ $reason } 服务商自行拨测通过后会通知您。
notice-dial-test-mended-subject = { $product } 拨测恢复通过
notice-dial-test-mended-body = { $product } 因拨测失败暂停了交易。服务商再次拨测并已通过，您可以恢复交易。
problem-dial-test-running = 该地址正在拨测，请等待结果。
problem-no-debug-cases = 该地址没有保存的调试用例。请调试每个调用并保存，然后再拨测。

# 运营方：失败的接口
nav-interfaces = 异常接口
operator-work-interfaces = 接口异常、需要决定的商品。
failing-title = 接口异常的服务商
failing-lead = 失败订单过多的商品、因拨测失败暂停的商品，以及当前异常的接口。
failing-empty-title = 所有接口正常
failing-empty-text = 没有商品失败订单过多，也没有拨测失败。
failing-raised-title = 失败订单过多
failing-raised-note = 这些商品在一个月内因服务商系统未交付而失败的订单过多，请决定是否继续销售。
failing-stopped-title = 因拨测暂停
failing-stopped-note = 连续失败数天后交易自动暂停。服务商自行拨测通过后，您可以恢复交易。
failing-now-title = 当前异常
failing-now-note = 最近一次拨测失败。每次都会通知服务商。
failing-product = 商品
failing-seller = 服务商
failing-state = 状态
failing-month = 月份
failing-orders = 失败订单
failing-since = 等待自
failing-stopped-since = 暂停自
failing-last = 最近拨测
failing-mended = 已恢复通过
failing-days = 连续失败天数
failing-case = { $case }：{ $reason }
failing-months-title = 因接口失败的订单
failing-no-orders = 没有订单因服务商系统未交付而失败。
failing-orders-title = 上述最近月份的失败订单
failing-ordered = 下单时间
failing-decision = 决定
failing-decided-keep = { $at } 继续销售
failing-decided-remove = { $at } 下架
failing-waits = 等待决定
failing-allow = 恢复交易
failing-allow-mended = 暂停后，服务商自行拨测已通过。
failing-allow-unproven = 服务商尚未证明其系统已恢复。您仍可恢复交易，失败天数从那时起重新计算。
failing-reason = 原因
failing-reason-hint = 10至2,000个字符。下架时服务商会看到。
failing-keep = 继续销售
failing-remove = 永久下架
failing-allowed = 已恢复交易。
failing-kept = 商品继续销售。
failing-removed = 商品已下架，已购买的继续使用。
notice-failed-orders-raised-subject = { $product }：{ $month } 有 { $failed } 个失败订单
notice-failed-orders-raised-body = { $month } 有 { $failed } 个 { $seller } 的 { $product } 订单因服务商系统未交付而失败。请决定是否继续销售。
notice-product-removed-subject = { $product } 已下架
notice-product-removed-body = 运营方已将 { $product } 永久下架，已购买的继续使用。原因：{ $reason }

# 域名验证
proof-title = 域名验证
proof-lead = 只有已验证属于您的域名的地址才能用于提交商品。验证一次即可，对您的组织中协议、主机和端口相同的全部地址有效。
proof-lead-not-asked = 本市场不要求验证，您仍可进行验证。
proof-proven = 已验证
proof-proven-at = 属于您，验证于 { $at }。
proof-unproven = 未验证
proof-step-file = 下载文件
proof-step-text = 文件内容（一行）：
proof-step-put = 将其原样放在网站根目录，使其可通过以下地址访问
proof-step-check = 检查。找到后即可删除该文件。
proof-copy = 复制内容
proof-check = 立即检查
proof-failed = { $at } 未找到
proof-now-proven = 域名已验证。
proof-still-unproven = 未找到文件，原因见下方。
proof-failure-refused = 不允许调用该地址。
proof-failure-name-not-found = 该域名没有地址，请检查DNS。
proof-failure-no-connection = 无人应答，或连接中断。
proof-failure-tls = 证书不可接受：已过期、名称不符，或非公共机构颁发。
proof-failure-timed-out = 10秒内没有完整的应答。
proof-failure-redirected = 网站返回了重定向。不会跟随重定向，文件必须在该地址本身。
proof-failure-no-file = 没有该文件（404）。请检查文件名，并确认位于网站根目录。
proof-failure-status = 网站返回的状态不是200。
proof-failure-too-long = 应答比文件长，该位置可能是一个页面。
proof-failure-differs = 内容不同。请重新下载文件并原样放置。
catalog-field-domain = 域名验证
problem-domain-not-proven = 请先验证该地址的域名属于您。
problem-release-domain-not-proven = 服务商尚未验证该地址的域名属于自己。
problem-address-not-allowed-now = 该地址已不允许调用，请添加符合规则的地址。

# 密钥
bound-title = 访问密钥
bound-lead = 每种接口类型有自己的密钥。基础接口包括开通、查询、续费、冻结、释放和升级。
bound-type = 接口类型
bound-type-basic = 基础接口
bound-type-basic-note = 不属于其他类型的全部调用
bound-type-joint-operations = 联营同步
bound-type-licence-code = License授权码交付
bound-type-order-notice = 订单通知（通用接口）
bound-none = 未绑定密钥
bound-retiring = 之前的密钥 { $key } 仍然有效。
bound-retiring-note = 调用使用新密钥签名。在 { $until } 之前，或在您停用旧密钥之前，用任一密钥签名的应答和用量均被接受。
bound-retire = 立即停用旧密钥
bound-retired = 旧密钥已停用。
problem-key-is-the-same = 这就是已绑定的密钥。
problem-key-shared = 另一种接口类型已使用该密钥，不同类型不得共用。
problem-key-rotation-running = 之前的密钥仍然有效。请先停用它，再引入新的密钥。
problem-no-key-bound = 该接口类型未绑定密钥。请在地址页面通过“更换密钥”绑定，各类型不共用密钥。
notice-access-key-retired-subject = 旧访问密钥已停用
notice-access-key-retired-body = { $url } 的旧访问密钥已停用，只接受用当前密钥签名的内容。

# 有两种传输形式的参数
wire-form-encryption = 邮箱和手机号的加密方式
wire-form-encryption-note = 系统接入时选定的encryptType。系统返回的用户名和密码使用任一种均可。
wire-form-aes256 = 1：AES-256
wire-form-aes128 = 2：AES-128
wire-form-encryption-save = 保存加密方式
wire-form-product-info = changeInstanceCheck中的productInfo
wire-form-text = 文本
wire-form-text-note = JSON放在字符串中，任何验签方式都能识别。
wire-form-object = 对象
wire-form-object-note = 嵌套的JSON对象。
wire-form-product-info-save = 保存形式
wire-form-saved = 已保存，此后的调用均按此发送。
problem-setting-of-other-protocol = 只有使用{ $version }的地址才有此设置。
problem-protocol-changed-meanwhile = 调用期间该地址的协议已更换，用例未保存。请重新发送。

# 订单通知
selling-notices = 订单通知
selling-notices-off = 关闭
selling-notices-on = 开启
selling-notices-on-note = 每笔已支付订单都会通知您的系统（orderNotify），使用订单通知的密钥签名。通知会重试一小时，订单不会因此等待。
selling-notices-saved = 订单通知设置已保存。
selling-notices-save = 保存通知设置
problem-order-notices-need-key = 请先绑定订单通知的访问密钥。订单通知不使用基础接口的密钥签名。
problem-order-notices-need-case = 请先调试 orderNotify 并保存用例，然后才能开启订单通知。
