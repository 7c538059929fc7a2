#!/usr/bin/env bash
# The first sale, from an empty marketplace to an open app, with nothing but HTTP.
#
# Three people take part. The operator runs the marketplace. The seller has a production system that creates
# accounts when the marketplace calls it. The customer buys. Read this file from top to bottom: each section is one
# step of one of them, and every line that starts with "call" is a request you can make yourself.
# docs/how-to/first-sale.md says how to start what this script needs.
#
# It needs bash, curl, openssl and python3, and five variables:
#
#   SOUK_URL         where the marketplace is, e.g. http://127.0.0.1:8080
#   SELLER_URL       where the seller's system is, e.g. http://127.0.0.1:9000
#   SELLER_KEY_FILE  the file from which the seller's system reads its access key
#   SITE_FOLDER      the folder whose files the seller's system shows at the root of its site
#   OPERATOR_LINK    the link that `souk serve` prints as long as nobody operates the marketplace
#
# One more may be given: PROTOCOL=v1 sells from a system that speaks version 1.0 of the protocol. Only sections 4 and 5 notice.

set -euo pipefail

: "${SOUK_URL:?where is the marketplace? e.g. http://127.0.0.1:8080}"
: "${SELLER_URL:?where is the seller\'s system? e.g. http://127.0.0.1:9000}"
: "${SELLER_KEY_FILE:?from which file does the seller\'s system read its key?}"
: "${SITE_FOLDER:?which folder does the seller\'s system show at the root of its site?}"
: "${OPERATOR_LINK:?which link did souk serve print for the first operator?}"

PROTOCOL=${PROTOCOL:-v2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ---- Three small tools ------------------------------------------------------------------------------------------

# say TEXT: tells where we are.
say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

# field PATH: reads JSON and prints one member of it: `field items.0.id`.
field() {
  python3 -c '
import json, sys
text = sys.stdin.read() or sys.exit(1)  # the call before said why
value = json.loads(text)
for part in sys.argv[1].split("."):
    value = value[int(part)] if isinstance(value, list) else value[part]
print(json.dumps(value) if isinstance(value, (dict, list)) else value)' "$1"
}

# call METHOD PATH [JSON | @FILE] [HEADER …]: one request as whoever $token belongs to. Prints the answer. Every answer that
# is not a success is a problem of RFC 9457, with a stable code and a sentence; it is shown, and the script ends.
call() {
  local method=$1 path=$2 body=${3-} status
  shift $(($# < 3 ? $# : 3))
  local arguments=(--silent --show-error --request "$method" --output "$work/answer" --write-out '%{http_code}')
  [ -n "${token-}" ] && arguments+=(--header "Authorization: Bearer $token")
  case $body in
    "") ;;
    @*) arguments+=(--header 'Content-Type: application/octet-stream' --data-binary "$body") ;;
    *) arguments+=(--header 'Content-Type: application/json' --data-raw "$body") ;;
  esac
  for header in "$@"; do arguments+=(--header "$header"); done
  status=$(curl "${arguments[@]}" "$SOUK_URL$path")
  if [ "$status" -ge 300 ]; then
    printf '%s %s answered %s:\n%s\n' "$method" "$path" "$status" "$(cat "$work/answer")" >&2
    return 1
  fi
  echo "$status" > "$work/status"
  cat "$work/answer"
}

# ---- 1. The operator --------------------------------------------------------------------------------------------
# There are no default accounts. Whoever holds the one-time link becomes the first operator; then the link is spent.

say "1. The first operator signs up with the one-time link"
token=
operator=$(call POST /api/v1/first-operator '{
  "token": "'"${OPERATOR_LINK##*token=}"'",
  "organisation_name": "Harbour Market", "name": "Vera Lund",
  "email": "vera@harbour.example", "password": "a lighthouse in March"
}' | field token)
echo "Vera operates the marketplace."

# ---- 2. The seller applies ---------------------------------------------------------------------------------------
# Everybody signs up the same way, as an organisation that buys. Selling is applied for: a draft is saved as often as one
# likes, and handed in once.

say "2. The seller signs up and applies"
token=
seller=$(call POST /api/v1/sign-ups '{
  "organisation_name": "Granary Works", "name": "Tom Ashdown",
  "email": "tom@granary.example", "password": "barley, oats and rye"
}' | field token)

token=$seller
call PUT /api/v1/seller-application '{ "form": {
  "company_name": "Granary Works Ltd", "website": "https://www.granary.example",
  "years_in_business": "5-10", "employees": "50-199",
  "registered_capital": "USD 500,000", "licence_number": "GB-20481176",
  "contact_name": "Tom Ashdown", "contact_mobile": "+44 7700 900171", "contact_email": "tom@granary.example",
  "country": "United Kingdom", "province": "Norfolk", "city": "Wells", "street": "1 Staithe Street", "postcode": "NR23 1AN",
  "support_phone": "+44 1632 960171", "support_email": "help@granary.example",
  "introduction": "We keep copies of other people'"'"'s databases, and we give them back. Fourteen people and three data centres.",
  "agreed": ["seller_terms", "cooperation_rules", "privacy_statement"]
} }' > /dev/null

# Logo and business licence. The logo is decoded and drawn anew; the licence is stored encrypted, and shown to reviewers only.
base64 --decode > "$work/company.png" << PICTURE
iVBORw0KGgoAAAANSUhEUgAAAHgAAAB4AgMAAABECt5BAAAACVBMVEULWlj258jrphx2x2CAAAAAM0lEQVR42u3RoREAIAwAsRoM02HYD82U
tR2Aq+AS+/IjAD41drHkjuy3313mLY7ckQEeStJWzzFbjiTiAAAAAElFTkSuQmCC
PICTURE
call PUT /api/v1/seller-application/logo "@$work/company.png" > /dev/null
printf '%%PDF-1.4\n%% A specimen: a real one is the scan of your licence.\n%%%%EOF\n' > "$work/licence.pdf"
call PUT /api/v1/seller-application/licence "@$work/licence.pdf" > /dev/null

application=$(call POST /api/v1/seller-application/submit | field id)
echo "Application $application waits for the operator."

say "3. The operator approves the application"
token=$operator
call POST "/api/v1/seller-applications/$application/approve" | field stage

# ---- 4. The interface address ------------------------------------------------------------------------------------
# The marketplace will call this address for every order, and sign each call with a key that only both sides know.
# We leave the key out, so the marketplace makes one; showing it needs a password given in the last five minutes, and
# signing up counted as one.

say "4. The seller adds the address of its production system"
token=$seller
address=$(call POST /api/v1/interface-addresses '{
  "url": "'"$SELLER_URL"'/produce", "protocol": "'$PROTOCOL'", "body_sign": "required"
}' | field id)
call POST "/api/v1/interface-addresses/$address/reveal-key" | field access_key > "$SELLER_KEY_FILE"
echo "Address $address; its key went to $SELLER_KEY_FILE."

# Anybody could type an address. So the marketplace names a file and its text; whoever can put it at the root of the site owns
# the site. It is looked for once and may go afterwards.

proof=$(call GET "/api/v1/interface-addresses/$address/proof")
echo "$proof" | field text > "$SITE_FOLDER/$(echo "$proof" | field file_name)"
proven=$(call POST "/api/v1/interface-addresses/$address/prove" | field proven)
echo "The domain is proven: $proven"
[ "$proven" = True ]

# ---- 5. Debugging ------------------------------------------------------------------------------------------------
# A product that is paid by the month may be released only when these calls passed and were saved as cases. The marketplace
# offers values that fit; "checks" in the answer says of every rule whether it was kept, in words.

say "5. The seller debugs the calls and keeps them as cases"
case $PROTOCOL in
  v1) calls='newInstance refreshInstance expireInstance releaseInstance' ;;
  *) calls='newInstance queryInstance refreshInstance updateInstanceStatus releaseInstance' ;;
esac
for activity in $calls; do
  values=$(call GET "/api/v1/interface-addresses/$address/sample?activity=$activity" | field values)
  run=$(call POST "/api/v1/interface-addresses/$address/debug-runs" '{
    "activity": "'$activity'", "values": '"$values"', "save_as": "'$activity' in order"
  }')
  printf '%-22s %s\n' "$activity" "$(echo "$run" | field result)"
  [ "$(echo "$run" | field result)" = passed ]
done

# ---- 6. The product ----------------------------------------------------------------------------------------------
# A draft saves whatever is given, finished or not. Its checklist says what is still missing for a release.

say "6. The seller writes a product, with a picture and two plans"
product=$(call POST /api/v1/seller/products '{ "delivery": "saas" }' | field id)

call PATCH "/api/v1/seller/products/$product" '{ "fields": {
  "name_en": "Granary Database Backup", "name_zh": "谷仓数据库备份",
  "version": "V1.0", "category": "backup",
  "overview_en": "Copies of your databases every hour, and a restore that has been tried this morning.",
  "overview_zh": "每小时备份您的数据库，并在今天早上演练过恢复。",
  "highlights_en": "Hourly copies\nA restore drill every morning\nKeys stay with you",
  "highlights_zh": "每小时备份\n每天早上演练恢复\n密钥由您保管",
  "description_en": "Granary takes a copy of each of your databases every hour, without stopping them and without an agent on your servers. Every morning it picks one copy, restores it into an empty database, counts the rows and compares a sample of them with the day before; what it finds is in your inbox before you are. Copies are encrypted with a key that you keep, so that we can hold them and cannot read them. When you need one, you choose an hour and a place, and watch the progress. When your subscription ends, you can fetch every copy for another thirty days.",
  "guide_en": "1. Open the address that you find under My apps.\n2. Sign in with the user name and the first password, and change the password.\n3. Add a database: its address, and an account that may read it.",
  "supervision": "none", "interface_address": "'"$address"'", "handed_over": "",
  "agreement_en": "You may use Granary as long as your subscription runs. We keep your copies as you set them, and show them to nobody.",
  "support_email": "help@granary.example", "support_phone": "+44 1632 960171",
  "support_hours_en": "Monday to Friday, 09:00 to 17:00 (UTC)",
  "visibility": "public"
} }' > /dev/null

# Prices are typed as people type them, in the marketplace's currency.
call POST "/api/v1/seller/products/$product/specifications" '{ "fields": {
  "name_en": "Small", "name_zh": "小型版", "summary_en": "Up to five databases", "unit_en": "per five databases",
  "month": "19.00", "year": "190.00", "trial_days": "14"
} }' > /dev/null
call POST "/api/v1/seller/products/$product/specifications" '{ "fields": {
  "name_en": "Large", "name_zh": "大型版", "summary_en": "Up to fifty databases", "unit_en": "per fifty databases",
  "month": "149.00", "year": "1490.00"
} }' > /dev/null

# A picture is decoded within limits and drawn anew, so that nothing but pixels is kept of it.
base64 --decode > "$work/logo.png" << PICTURE
iVBORw0KGgoAAAANSUhEUgAAAHgAAAB4AgMAAABECt5BAAAACVBMVEULWlj258jrphx2x2CAAAAAM0lEQVR42u3RoREAIAwAsRoM02HYD82U
tR2Aq+AS+/IjAD41drHkjuy3313mLY7ckQEeStJWzzFbjiTiAAAAAElFTkSuQmCC
PICTURE
call PUT "/api/v1/seller/products/$product/logo" "@$work/logo.png" 'Content-Type: image/png' > /dev/null
call GET "/api/v1/seller/products/$product" | field ready | sed 's/^/Ready for release: /'

# ---- 7. Release --------------------------------------------------------------------------------------------------
# Submitting calls the five saved cases once more, live. If one fails, the answer names it and nothing is submitted.

say "7. The seller submits the product; the operator looks at it and approves"
release=$(call POST "/api/v1/seller/products/$product/submit" | field id)
token=$operator
call GET "/api/v1/operator/releases/$release" | field release.cases_replayed | sed 's/^/Cases called again at submission: /'
call POST "/api/v1/operator/releases/$release/claim" > /dev/null
call POST "/api/v1/operator/releases/$release/approve" > /dev/null

# Listed means found: by everybody, signed in or not.
token=
found=$(call GET '/api/v1/products?q=database+backup')
echo "Found in the storefront: $(echo "$found" | field items.0.name.en)"

# ---- 8. The customer and the balance -----------------------------------------------------------------------------

say "8. A customer signs up; the operator books a bank transfer to their balance"
token=
customer=$(call POST /api/v1/sign-ups '{
  "organisation_name": "Kestrel Clinics", "name": "Nora Lindqvist",
  "email": "nora@kestrel.example", "password": "seven grey herons"
}' | field token)

token=$operator
buyer=$(call GET '/api/v1/operator/customers?name=Kestrel' | field items.0.id)
# The key makes the top-up one top-up, however often the request is sent.
for attempt in once twice; do
  call POST "/api/v1/operator/customers/$buyer/top-ups" '{ "amount": "100.00", "note": "Bank transfer 4711" }' \
    'Idempotency-Key: bank-transfer-4711' > "$work/top-up"
done
echo "Balance after sending the top-up twice: $(field balance.minor < "$work/top-up") cents"
[ "$(field balance.minor < "$work/top-up")" = 10000 ]

# ---- 9. Quote and order ------------------------------------------------------------------------------------------
# The server computes the price and seals it in a quote: what is ordered with it costs exactly that, or is refused.

say "9. The customer asks for a price, reads the agreement, and orders"
token=$customer
plan=$(call GET "/api/v1/products/$product" | field specifications.0.id)
quote=$(call POST /api/v1/quotes '{
  "specification": "'"$plan"'", "period": "month", "count": 2, "periods": 1
}' | field quote)
checkout=$(call POST /api/v1/checkout '{ "quote": "'"$quote"'" }')
echo "To pay today: $(echo "$checkout" | field total_today.minor) cents"

# A connection breaks, a program asks again: with the same key it is the same order.
order_body='{ "quote": "'"$quote"'", "agreement": "'"$(echo "$checkout" | field agreement)"'", "hand_over_data": true }'
order=$(call POST /api/v1/orders "$order_body" 'Idempotency-Key: kestrel-2026-001' | field number)
again=$(call POST /api/v1/orders "$order_body" 'Idempotency-Key: kestrel-2026-001' | field number)
[ "$order" = "$again" ]
echo "Order $order; sent twice, it is one order."

# ---- 10. Delivery ------------------------------------------------------------------------------------------------
# Now the marketplace calls the seller's system: newInstance, then queryInstance, until the access data is there.

say "10. The order is delivered"
for _ in $(seq 1 120); do
  state=$(call GET "/api/v1/orders/$order" | field state)
  [ "$state" = processing ] || break
  sleep 0.5
done
echo "Order $order is $state."
[ "$state" = completed ]

# ---- 11. The app -------------------------------------------------------------------------------------------------
# Seeing the first password needs a fresh password of one's own, and everybody in the organisation is told.

say "11. The customer sees how to get in, and goes in"
app=$(call GET "/api/v1/orders/$order" | field app)
access=$(call GET "/api/v1/apps/$app" | field access)
front_end=$(echo "$access" | field front_end_url)
user_name=$(echo "$access" | field user_name)
first_password=$(call POST "/api/v1/apps/$app/reveal-password" | field password)
echo "$front_end, as $user_name"

# This is the seller's own page, not the marketplace's: a real account in another system.
curl --silent --show-error --fail --location --cookie-jar "$work/cookies" --header 'Accept-Language: en' --output "$work/page" \
  --data-urlencode "user_name=$user_name" --data-urlencode "password=$first_password" "$front_end"
grep --quiet 'You are in' "$work/page"
echo "Signed in at the seller's system."

# ---- 12. What everybody saw --------------------------------------------------------------------------------------

say "12. What happened to the order"
call GET "/api/v1/orders/$order" | python3 -c '
import json, sys
for entry in reversed(json.load(sys.stdin)["timeline"]):
    amount = entry["amount"]
    print(entry["at"][:19], entry["kind"], f'"'"'{amount["currency"]} {amount["minor"] / 100:.2f}'"'"' if amount else "")'

for who in customer seller operator; do
  say "    What the marketplace told the $who"
  token=${!who}
  call GET /api/v1/notices | python3 -c '
import json, sys
for notice in json.load(sys.stdin)["items"]:
    print("-", notice["subject"])'
done

# ---- 13. The seller's server asks and tells ----------------------------------------------------------------------
# Not our own API, but KooGallery's: the seller's server signs each call. How, stands in docs/seller-protocol/open-apis.md, and
# what stands there is what runs here: the function souk_call is read out of that page.

say "13. The seller's server asks for the order and reports usage"
page=$(dirname "$0")/../seller-protocol/open-apis.md
eval "$(awk '/^souk_call\(\) \{$/, /^\}$/' "$page")"
token=$seller
key=$(call POST /api/v1/api-keys '{ "name": "production" }')
MARKET=$SOUK_URL ACCESS_KEY=$(echo "$key" | field key.access_key) SECRET=$(echo "$key" | field secret)
asked=$(souk_call GET /api/mkp-openapi-public/global/v1/order/query "orderId=$order" '')
[ "$(echo "$asked" | field resultCode)" = MKT.0000 ]
echo "Order $order: $(echo "$asked" | field orderInfo.orderLine.0.productInfo.0.productName), $(echo "$asked" | field orderInfo.orderLine.0.currencyAfterDiscount) to pay"

# Usage is signed with the key of the interface address. The record is taken, judged by itself a moment later, and rejected:
# this app is sold by the month.
instance=$(call GET /api/v1/seller/calls | field items.0.instance)
now=$(date -u +%Y%m%dT%H%M%SZ)
body='{"usage_records":[{"begin_time":"'$now'","end_time":"'$now'","instance_id":"'$instance'","metering_sn":"sn-1","record_time":"'$now'","usage_value":"12.5000"}]}'
ts=$(date +%s000) nonce=$(openssl rand -hex 16)
signature=$(printf 'ts=%s&nonce=%s&body=%s' "$ts" "$nonce" "$body" | openssl dgst -sha256 -hmac "$(cat "$SELLER_KEY_FILE")" -binary | base64)
pushed=$(curl --silent --show-error "$SOUK_URL/api/mkp-openapi-public/global/v1/isv/usage-data" --header 'Content-Type: application/json' \
  --header "ts: $ts" --header "nonce: $nonce" --header "signature: $signature" --data-raw "$body")
[ "$pushed" = '{"error_code":"MKT.0000","error_msg":"Success."}' ]
for _ in $(seq 1 120); do
  judged=$(call GET /api/v1/seller/usage-records | field items.0.state)
  [ "$judged" = received ] || break
  sleep 0.5
done
fault=$(call GET /api/v1/seller/usage-records | field items.0.fault)
echo "The usage record is $judged: $fault"
[ "$judged $fault" = 'rejected not_pay_per_use' ]

say "Sold."
