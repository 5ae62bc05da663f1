"""Domains under which strangers have their addresses: that two people share one says nothing about them."""

from __future__ import annotations

_FAMILIES = frozenset({"aol", "gmx", "hotmail", "live", "msn", "outlook", "rocketmail", "yahoo", "yandex", "ymail"})
"""These have one domain for each country: yahoo.co.uk, gmx.at."""

_EUROPE = """
web.de t-online.de freenet.de arcor.de posteo.de mailbox.org email.de orange.fr wanadoo.fr free.fr laposte.net sfr.fr
neuf.fr libero.it virgilio.it tiscali.it alice.it tin.it seznam.cz centrum.cz volny.cz wp.pl o2.pl onet.pl interia.pl
op.pl poczta.fm ziggo.nl kpnmail.nl xs4all.nl telenet.be skynet.be proximus.be bluewin.ch hispeed.ch telia.com sapo.pt
btinternet.com sky.com virginmedia.com ntlworld.com talktalk.net eircom.net freemail.hu citromail.hu azet.sk zoznam.sk
abv.bg mail.bg dir.bg mail.ru bk.ru inbox.ru list.ru internet.ru rambler.ru ya.ru ukr.net i.ua meta.ua mynet.com
"""
_ELSEWHERE = """
gmail.com googlemail.com icloud.com me.com mac.com proton.me protonmail.com protonmail.ch pm.me tuta.com tuta.io
tutanota.com tutanota.de fastmail.com fastmail.fm hey.com zoho.com mail.com email.com usa.com inbox.com inbox.lv
comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net juno.com shaw.ca
rogers.com sympatico.ca bigpond.com optusnet.com.au xtra.co.nz uol.com.br bol.com.br terra.com.br ig.com.br
rediffmail.com qq.com 163.com 126.com yeah.net foxmail.com sina.com sina.cn sohu.com naver.com daum.net hanmail.net
docomo.ne.jp ezweb.ne.jp softbank.ne.jp nifty.com
"""
_DOMAINS = frozenset((_EUROPE + _ELSEWHERE).split())


def is_freemail(domain: str) -> bool:
    """Whether anybody can have an address there; `domain` in lower case."""
    return domain in _DOMAINS or domain.partition(".")[0] in _FAMILIES
