# 随商品发布提交的调试报告（已签名）

report-title = 调试报告
report-none-seller = souk debug 的报告可以让审核人员看到您的系统对每个调用（包括恶意调用）的响应。可选。
report-field = 报告文件
report-field-hint = souk debug --report 写出的文件，不超过 { $most }。文件中不含访问密钥。
report-attach = 附上
report-replace = 替换
report-download = 下载文件
report-attached = 报告已附上。
report-removed = 报告已移除。
report-signature = 签名
report-signature-good = 与文件一致
report-signature-bad = 无法验证
report-signature-note = 签名说明文件与该密钥持有者写出时一致，但不说明持有者是谁。提交时我们已自行调用保存的用例。
report-signature-note-seller = 签名说明文件自您的程序写出后没有被修改。提交时我们会自行调用您保存的用例。
report-key = 密钥
report-key-use = 该服务商使用它的报告数
report-key-strangers = { $count ->
   *[other] 另有 { $count } 个服务商提交过使用同一密钥的报告。
}
report-copy-key = 复制密钥指纹
report-address = 地址
report-copy-address = 复制地址
report-made = 生成时间
report-made-age = { $count ->
    [0] { $when }，不到一天
   *[other] { $when }，已有 { $count } 天
}
report-made-ahead = { $when }，晚于当前时间
report-attached-at = 附上时间
report-tool = 生成工具
report-protocol = 协议
report-protocol-v2 = V2.0
report-protocol-v1 = V1.0
report-billing = 计费方式
report-billing-period = 包月或包年
report-billing-one-time = 一次性
report-billing-pay-per-use = 按需
report-result = 结果
report-result-passed = 通过
report-result-failed = 未通过
report-cases = { $count ->
   *[other] { $count } 个用例
}
report-cases-sum = 通过 { $passed }，警告 { $warned }，失败 { $failed }，未执行 { $skipped }
report-cases-all = 全部用例及检查
report-cases-language = 检查内容为英文，与工具写出的一致。
report-case = { $activity }，{ $elapsed } 毫秒
report-outcome-pass = 通过
report-outcome-warn = 警告
report-outcome-fail = 失败
report-outcome-skip = 未执行
report-no-concern = 报告没有需要说明的问题
report-concern-failed = { $cases ->
    [0] 报告称运行未通过。
   *[other] 报告中有 { $cases } 个用例失败。
}
report-concern-other-address = 报告针对另一个地址：{ $tried }。
report-concern-no-address = 尚未选择接口地址，无法与报告比较。
report-concern-other-protocol = 报告使用协议 { $found }，该地址使用 { $wanted }。
report-concern-not-tried = 必需的调用没有执行：{ $activities }。
report-concern-old = 报告已有 { $days } 天，超过 { $most } 天即视为过旧。
report-concern-from-the-future = 报告的生成时间晚于当前时间，时钟有误。
review-finding-report-none = 没有附上 souk debug 报告
review-finding-report-good = 所附报告已签名、时间较新、针对该地址，且没有用例失败
review-finding-report-bad = 所附报告无法验证：{ $reason }

problem-report-required = 请选择 souk debug --report 写出的文件。
problem-report-too-large = 报告不能超过 { $most }，正常运行不会超过该大小。
problem-report-not-json = 该文件不是可信的 JSON。请选择 souk debug --report 写出的文件。
problem-report-other-format = 该文件不是 souk debug 报告，或版本未知。请选择 souk debug --report 写出的文件。
problem-report-malformed = 报告缺少 { $member }，或其格式不是 souk debug 写出的。请用 souk debug --report 重新生成。
problem-report-changed = 签名不一致：文件写出后被修改过，或附带了另一个密钥。请用 souk debug --report 重新生成。
