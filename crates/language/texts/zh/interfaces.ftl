### 卖家接口：拨测、失败订单、域名验证、密钥。

# 拨测
dial-case-missing = 没有保存此必需调用的用例。
dial-title = 拨测
dial-lead = 只要有商品使用该地址销售，每天上午和下午都会调用该地址的全部已保存用例。
dial-next = 下次拨测开始于 { $at }。
dial-days = { $days ->
    [0] 最近一天通过。
   *[other] 已连续失败 { $days } 天。
}
dial-limit = { $days ->
    [0] 拨测失败不会暂停交易。
   *[other] 连续失败 { $days } 天后暂停交易。
}
dial-run = 立即拨测
dial-run-note = 每个已保存的用例调用一次。失败不计入连续天数。
dial-ran-passed = 拨测通过。
dial-ran-failed = 拨测失败，原因见下方用例。
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
notice-dial-test-stopped-operator-body = { $product } 的拨测连续 { $days } 天失败，交易已暂停，商品已隐藏。最近一次 { $cases } 个已保存用例中 { $failing } 个失败，第一个是“{ $case }”：{ $reason } 卖家自行拨测通过后会通知您。
notice-dial-test-mended-subject = { $product } 拨测恢复通过
notice-dial-test-mended-body = { $product } 因拨测失败暂停了交易。卖家再次拨测并已通过，您可以恢复交易。
problem-no-debug-cases = 该地址没有保存的调试用例。请调试每个调用并保存，然后再拨测。

# 运营方：失败的接口
nav-interfaces = 异常接口
operator-work-interfaces = 接口异常、需要决定的商品。
failing-title = 接口异常的卖家
failing-lead = 失败订单过多的商品、因拨测失败暂停的商品，以及当前异常的接口。
failing-empty-title = 所有接口正常
failing-empty-text = 没有商品失败订单过多，也没有拨测失败。
failing-raised-title = 失败订单过多
failing-raised-note = 这些商品在一个月内因卖家系统未交付而失败的订单过多，请决定是否继续销售。
failing-stopped-title = 因拨测暂停
failing-stopped-note = 连续失败数天后交易自动暂停。卖家自行拨测通过后，您可以恢复交易。
failing-now-title = 当前异常
failing-now-note = 最近一次拨测失败。每次都会通知卖家。
failing-product = 商品
failing-seller = 卖家
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
failing-no-orders = 没有订单因卖家系统未交付而失败。
failing-orders-title = 最近一个月的订单
failing-ordered = 下单时间
failing-decision = 决定
failing-decided-keep = { $at } 继续销售
failing-decided-remove = { $at } 下架
failing-waits = 等待决定
failing-allow = 恢复交易
failing-allow-mended = 暂停后，卖家自行拨测已通过。
failing-allow-unproven = 卖家尚未证明其系统已恢复。您仍可恢复交易，失败天数从那时起重新计算。
failing-reason = 原因
failing-reason-hint = 10至2,000个字符。下架时卖家会看到。
failing-keep = 继续销售
failing-remove = 永久下架
failing-allowed = 已恢复交易。
failing-kept = 商品继续销售。
failing-removed = 商品已下架，已购买的继续使用。
notice-failed-orders-raised-subject = { $product }：{ $month } 有 { $failed } 个失败订单
notice-failed-orders-raised-body = { $month } 有 { $failed } 个 { $seller } 的 { $product } 订单因卖家系统未交付而失败。请决定是否继续销售。
notice-product-removed-subject = { $product } 已下架
notice-product-removed-body = 运营方已将 { $product } 永久下架，已购买的继续使用。原因：{ $reason }
