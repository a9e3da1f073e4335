"""What a column of a file of orders is, guessed from its header, as shops write them (WooCommerce, Shopify, a till's own export)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from safar.events.imports.columns import plain
from safar.lib.faults import Faults, Refused, said

ROLES = (
    *("order", "at", "customer", "email", "phone", "name", "total", "quantity", "price", "product", "currency"),
    *("status", "refunded", "birthday"),
)
WHO = ("customer", "email", "phone")

# role: headers as `plain` writes them, the surest first.
HEADERS = """
order: orderid ordernumber orderno invoiceno invoicenumber invoice transactionid receiptno order
order: شمارهسفارش کدسفارش شناسهسفارش شمارهفاکتور فاکتور سفارش
at: paidat datepaid createdat orderdate datecreated date invoicedate purchasedate completeddate time timestamp
at: تاریخسفارش تاریخپرداخت تاریخخرید تاریخفاکتور تاریخ زمان
customer: customerid userid customeruser customernumber clientid externalid شناسهمشتری کدمشتری شمارهمشتری
email: email emailaddress billingemail emailbilling customeremail mail ایمیل پستالکترونیک رایانامه
phone: phone phonenumber billingphone phonebilling mobile customerphone موبایل تلفن تلفنهمراه شمارههمراه شمارهموبایل شمارهتماس
name: billingname customername fullname billingfirstname firstname customer نامونامخانوادگی ناممشتری مشتری نام
total: total ordertotal ordertotalamount grandtotal totalprice totalamount amountpaid paid amount revenue sales
total: مبلغکل جمعکل مبلغسفارش مبلغپرداختی مبلغ جمع قیمتکل
quantity: lineitemquantity quantity qty itemquantity تعداد
price: lineitemprice unitprice itemprice price قیمتواحد قیمت فی
product: lineitemname productname itemname product item description نامکالا نام‌محصول ناممحصول کالا محصول شرح
currency: currency ordercurrency currencycode واحدپول ارز
status: financialstatus orderstatus paymentstatus status وضعیتسفارش وضعیتپرداخت وضعیت
refunded: refundedamount totalrefunded amountrefunded refund مبلغبازگشتی بازگشتوجه مرجوعی
birthday: birthday dateofbirth birthdate dob تاریختولد تولد
"""


def _words() -> Iterator[tuple[str, str]]:
    for line in HEADERS.strip().splitlines():
        role, _, headers = line.partition(":")
        yield from ((role, plain(header)) for header in headers.split())


def guess_columns(header: Sequence[str]) -> dict[str, int]:
    """role → number of its column, from 0. Of several that fit, the surest; roles that nothing fits are left out."""
    there = {plain(cell): number for number, cell in reversed(list(enumerate(header)))}
    if plain("Lineitem name") in there and "name" in there:  # Shopify calls the order's number its name
        there["orderid"] = there.pop("name")
    found: dict[str, int] = {}
    for role, word in _words():
        if word in there and there[word] not in found.values():
            found.setdefault(role, there[word])
    return found


def check_columns(columns: Mapping[str, int], header: Sequence[str]) -> None:
    """Raises Refused with everything that is wrong or missing."""
    faults, there = Faults(), ", ".join(header)
    for role, number in columns.items():
        if role not in ROLES:
            faults.at("columns").add(said("%(value)r is none of %(known)s", value=role, known=", ".join(ROLES)))
        elif not 0 <= number < len(header):
            faults.at("columns", role).add(said("there is no such column"))
    if "at" not in columns:
        faults.at("header").add(said("no column says when it was ordered (there are %(there)s)", there=there))
    if not any(role in columns for role in WHO):
        faults.at("header").add(said("no column says who ordered (there are %(there)s)", there=there))
    if "total" not in columns and not {"quantity", "price"} <= columns.keys():
        faults.at("header").add(
            said("no column says how much it was: a total, or quantity and price (there are %(there)s)", there=there)
        )
    if faults:
        raise Refused(faults)
