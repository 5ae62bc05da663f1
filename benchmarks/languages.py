"""Made-up mail in Russian, Bulgarian and Japanese, and what a person would type to find a certain text."""

from __future__ import annotations

import random
from itertools import accumulate
from typing import Literal

Language = Literal["Russian", "Bulgarian", "Japanese"]

_STEMS: dict[str, str] = {
    "Russian": "возврат заказ счёт оплат посылк доставк кабинет парол товар принтер магазин адрес покупк менеджер"
    " вопрос ответ письм договор склад номер карт банк перевод срок гаранти ремонт кнопк ошибк страниц телефон клиент",
    "Bulgarian": "поръчк фактур плащан пратк доставк парол профил сток връщан сум магазин адрес куриер въпрос отговор"
    " писм договор склад номер карт банк превод срок гаранци ремонт бутон грешк страниц телефон клиент услуг отстъпк",
    "Japanese": "注文 返金 請求書 配送 住所 変更 商品 印刷機 電話 番号 支払い 銀行 振込 保証 修理 期限 領収書 会員"
    " 登録 解約 更新 割引 在庫 到着 遅延 確認 連絡 担当者 メール パスワード アカウント ログイン エラー ボタン",
}
_ENDS: dict[str, str] = {
    "Russian": "_ а ы у ом ам ов и ой е ами ах",
    "Bulgarian": "_ а ата и ите ът о ото я ята ия е",
    "Japanese": "が を に は の で と から まで です。 ます。 しました。 ください。 お願いします。 について",
}
_SMALL: dict[str, str] = {
    "Russian": "Здравствуйте спасибо пожалуйста и в не на я что мой",
    "Bulgarian": "Здравейте благодаря моля и в не на аз че моята",
    "Japanese": "",
}


class Speaker:
    """Says texts of one language, always the same: some words often, most seldom, and a number in each."""

    def __init__(self, language: Language) -> None:
        self._chance = random.Random(language)
        ends = _ENDS[language].replace("_", "").split(" ")
        words = [stem + end for end in ends for stem in _STEMS[language].split()]
        self._chance.shuffle(words)
        self._words = _SMALL[language].split() + words
        self._weights = list(accumulate(1 / (place + 3) for place in range(len(self._words))))
        self._between = "" if language == "Japanese" else " "

    def text(self, length: int = 50) -> str:
        """So many words."""
        said = self._chance.choices(self._words, cum_weights=self._weights, k=length)
        said[length // 2] = str(self._chance.randrange(1_000_000))
        return self._between.join(said)


Pair = tuple[str, str, bool]
"""A text, what is typed, and whether it must be found."""

PAIRS: dict[Language, tuple[Pair, ...]] = {
    "Russian": (
        ("Прошу вернуть деньги за заказ №88213", "88213", True),
        ("Прошу вернуть деньги за заказ №88213", "ЗАКАЗ", True),
        ("Прошу вернуть деньги за заказ №88213", "вернут", True),
        ("Прошу вернуть деньги за заказ", "деньги вернуть", True),
        ("Прошу вернуть деньги за заказ", "вернуть деньги", True),
        ("Счёт ещё не оплачен", "счет", True),
        ("Счет еще не оплачен", "счёт", True),
        ("Не работает вхо\u0438\u0306 личный кабинет", "кабинет", True),
        ("Мо\u0438\u0306 заказ не пришел", "мой", True),
        ("Мой заказ не пришёл", "пришел", True),
        ("Откройте за\u0301мок", "замок", True),
        ("«Ёлка» не горит", "елка", True),
        ("не могу войти", "не", True),
        ("Мой заказ", "мои", False),
        ("Возврат товара", "врат", False),
    ),
    "Bulgarian": (
        ("Моля, изпратете ѝ фактура", "и фактура", True),
        ("Поръчката ми не пристигна", "поръчка", True),
        ("Поръчката ми не пристигна", "ПОРЪЧКАТА", True),
        ("Чи\u0438\u0306 е този номер", "чий", True),
        ("Чий е този номер", "чи\u0438\u0306", True),
        ("Връщане на сума", "сума връщане", True),
        ("Къде е моята пратка?", "пратка", True),
        ("Къде е моята пратка?", "къде", True),
        ("Плащането с карта не мина", "карт", True),
        ("Фактура № 1042/2026", "1042", True),
        ("да", "да", True),
        ("Чий е този номер", "чии", False),
        ("Превод по банков път", "вод", False),
    ),
    "Japanese": (
        ("先日の注文の返金をお願いします", "返金", True),
        ("先日の注文の返金をお願いします", "注文", True),
        ("先日の注文の返金をお願いします", "お願い", True),
        ("先日の注文の返金をお願いします", "返金をお願い", True),
        ("先日の注文の返金をお願いします", "注文 返金", True),
        ("請求書を送ってください", "請求", True),
        ("請求書を送ってください", "送って", True),
        ("東京都の住所に変更", "住所", True),
        ("東京都の住所に変更", "都", True),
        ("ﾌﾟﾘﾝﾀｰが動きません", "プリンター", True),
        ("プリンターが動きません", "ﾌﾟﾘﾝﾀｰ", True),
        ("注文番号１２３４５", "12345", True),
        ("iPhoneを交換したい", "iphone", True),
        ("パスワードを忘れました", "ワード", True),
        ("ガイドを読みました", "カイト", False),
        ("返金の件", "金返", False),
    ),
}
