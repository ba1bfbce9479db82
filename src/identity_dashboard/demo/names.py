"""Names of invented people, by where such names are at home, each with its spelling in Latin letters."""

from __future__ import annotations

from dataclasses import dataclass

Words = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Region:
    """Given names and family names, as (written, in Latin letters), and what goes with them.

    `family_first` says which comes first, `joint` what stands between them.
    """

    given: Words
    family: Words
    places: tuple[str, ...]
    dialling: str
    family_first: bool = False
    joint: str = " "


def _same(text: str) -> Words:
    return tuple((word, word) for word in text.split())


def _pairs(text: str) -> Words:
    words = text.split()
    return tuple(zip(words[::2], words[1::2], strict=True))


REGIONS = (
    Region(
        _same("Alice Oliver Grace Henry Ruby Arthur Nora Theodore Violet Edmund Rosalind Wilfred"),
        _same("Harper Whitfield Ashdown Marlow Pemberton Crane Thackeray Holloway Winslow Barnaby"),
        ("12 Orchard Lane, Bath", "4 Quayside, Whitby", "31 Mill Road, Norwich"),
        "+44 20 7946",
    ),
    Region(
        _pairs("José Jose Lucía Lucia Andrés Andres Inés Ines Begoña Begona Martín Martin Sofía Sofia Iñaki Inaki"),
        _pairs("Núñez Nunez García Garcia Ibáñez Ibanez Gutiérrez Gutierrez Peña Pena Domínguez Dominguez"),
        ("Calle Mayor 8, Toledo", "Plaza Nueva 3, Bilbao", "Rúa do Vilar 17, Santiago"),
        "+34 910 55",
    ),
    Region(
        _pairs("Zoë Zoe François Francois Anaïs Anais Jérôme Jerome Hélène Helene Benoît Benoit Chloé Chloe"),
        _pairs("Lefèvre Lefevre Bérard Berard Château Chateau Gagné Gagne Renaud Renaud Daubigné Daubigne"),
        ("9 rue des Lilas, Lyon", "22 quai Voltaire, Nantes", "5 place du Marché, Lille"),
        "+33 1 99 00",
    ),
    Region(
        _pairs("Jürgen Juergen Käthe Kaethe Björn Bjoern Åsa Aasa Søren Soeren Jörg Joerg Märta Maerta Øyvind Oyvind"),
        _pairs("Müller Mueller Größler Groessler Sjöberg Sjoeberg Ångström Aangstroem Bæk Baek Kühn Kuehn"),
        ("Lindenstraße 14, Kassel", "Storgatan 6, Umeå", "Nørregade 21, Aarhus"),
        "+49 30 23125",
    ),
    Region(
        _pairs(
            "Łukasz Lukasz Zofia Zofia Tomáš Tomas Dvora Dvora Şebnem Sebnem Željko Zeljko Ágnes Agnes Ștefan Stefan"
        ),
        _pairs(
            "Wójcik Wojcik Dvořák Dvorak Öztürk Ozturk Kovačević Kovacevic Nagy Nagy Ionescu Ionescu Gałązka Galazka"
        ),
        ("ul. Długa 7, Kraków", "Náměstí 2, Brno", "İstiklal 40, İzmir"),
        "+48 22 555",
    ),
    Region(
        _pairs("小明 xiaoming 丽华 lihua 思远 siyuan 雨晴 yuqing 建国 jianguo 梓涵 zihan 文博 wenbo"),
        _pairs("王 wang 李 li 张 zhang 欧阳 ouyang 陈 chen 林 lin 赵 zhao"),
        ("中山路 88 号, 南京", "解放路 5 号, 杭州", "人民路 16 号, 成都"),
        "+86 10 5550",
        family_first=True,
        joint="",
    ),
    Region(
        _pairs("さくら sakura 健太 kenta 美咲 misaki 翔 sho 結衣 yui 大輔 daisuke 千尋 chihiro"),
        _pairs("佐藤 sato 高橋 takahashi 渡辺 watanabe 小林 kobayashi 中村 nakamura 齋藤 saito"),
        ("京都市左京区 3-4", "札幌市中央区 11-2", "横浜市西区 6-8"),
        "+81 3 5550",
        family_first=True,
        joint=" ",
    ),
    Region(
        _pairs("민준 minjun 서연 seoyeon 지호 jiho 하은 haeun 도윤 doyun 수아 sua"),
        _pairs("김 kim 박 park 최 choi 정 jung 강 kang 윤 yoon"),
        ("종로구 12, 서울", "해운대구 7, 부산", "중구 30, 대구"),
        "+82 2 555",
        family_first=True,
        joint="",
    ),
    Region(
        _pairs("محمد mohammed فاطمة fatima يوسف yusuf ليلى layla عمر omar نور nour خالد khalid زينب zaynab"),
        _pairs("الهاشمي alhashimi حداد haddad منصور mansour العمري alomari سليمان suleiman خوري khoury"),
        ("شارع الزهور ١٢، عمّان", "شارع النيل ٤، القاهرة", "شارع البحر ٩، بيروت"),
        "+962 6 555",
    ),
    Region(
        _pairs("नेहा neha अर्जुन arjun प्रिया priya रोहन rohan மீனா meena விஜய் vijay"),
        _pairs("शर्मा sharma पटेल patel सिंह singh गुप्ता gupta राव rao"),
        ("गांधी मार्ग 21, जयपुर", "एम जी रोड 3, पुणे"),
        "+91 11 5550",
    ),
    Region(
        _pairs("Олена olena Иван ivan Наталья natalia Дмитрий dmitri Ніна nina Ελένη eleni Γιώργος giorgos"),
        _pairs("Шевченко shevchenko Смирнов smirnov Коваль koval Волкова volkova Παππάς pappas"),
        ("вул. Садова 15, Львів", "Οδός Ερμού 8, Πάτρα"),
        "+380 44 555",
    ),
    Region(
        _same("Amara Kwame Ngozi Thabo Wanjiru Sipho Chiamaka Tendai Abebe Makena Kofi Zanele"),
        _pairs("Okafor Okafor Mensah Mensah Ọláńrewájú Olanrewaju Dlamini Dlamini Mwangi Mwangi Tesfaye Tesfaye"),
        ("14 Marina Road, Lagos", "Ring Road 9, Accra", "Long Street 44, Cape Town"),
        "+233 30 255",
    ),
)

BIOS = (
    "Keeps bees on the roof and minutes in the meeting.",
    "Mends old radios. Answers mail on Tuesdays.",
    "Looks after the northern depots; asks for maps as presents.",
    "Translates from three languages into a fourth.",
    "Was a baker, is a bookkeeper, still gets up at four.",
    "Draws birds in the margins.",
    "Runs the night shift and, at weekends, mountains.",
    "Here since the first version.",
)
REASONS = ("Left the company.", "Unpaid bills since March.", "Asked for a pause.", "Shared the account with others.")
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1",
)
