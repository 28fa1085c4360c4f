"""Hostile XML: feeds, sitemaps, catalogues, guides, manifests, messages of the book trade, site files."""

from tests.fuzz.shape import Shape, merged, nest, rows

RSS = '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
RSS_END = "</channel></rss>"
ONIX = '<ONIXMessage release="3.0">'
ONIX_END = "</ONIXMessage>"
GUIDE, GUIDE_END = "<tv>", "</tv>"
MPD, MPD_END = '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period>', "</Period></MPD>"
SITEMAP = '<urlset xmlns:video="http://www.google.com/schemas/sitemap-video/1.1">'
AUDIENCE = "<Audience><AudienceCodeType>22</AudienceCodeType><AudienceCodeValue>X{n}</AudienceCodeValue></Audience>"
RANGE = (
    "<AudienceRange><AudienceRangeQualifier>17</AudienceRangeQualifier><AudienceRangePrecision>03</AudienceRangePrecision>"
    "<AudienceRangeValue>18</AudienceRangeValue></AudienceRange>"
)

FEEDS: dict[str, Shape] = {
    "rated items": rows("<item><media:rating>adult</media:rating></item>", RSS, RSS_END),
    "items of different ratings": rows(
        '<item><media:rating scheme="urn:mpaa">r{n}</media:rating></item>', RSS, RSS_END
    ),
    "ratings of one item": rows("<media:rating>adult</media:rating>", RSS + "<item>", "</item>" + RSS_END),
    "ratings of the channel": rows("<media:rating>adult</media:rating>", RSS, RSS_END),
    "ratings inside each other": nest("<media:rating>", "adult", "</media:rating>", RSS, RSS_END),
    "items inside each other": nest("<item><media:rating>adult</media:rating>", "", "</item>", RSS, RSS_END),
    "stacks of items": rows("<item>" * 90 + "<media:adult>true</media:adult>" + "</item>" * 90, RSS, RSS_END),
    "PICS ratings": rows('<item><media:rating scheme="urn:icra">r (nf 1 nd {n})</media:rating></item>', RSS, RSS_END),
    "a PICS rating of brackets": rows("(", RSS + "<rating>(PICS-1.1 ", "</rating>" + RSS_END),
    "explicit episodes": rows("<item><itunes:explicit>yes</itunes:explicit></item>", RSS, RSS_END),
    "spaces declared at each item": rows(
        '<item xmlns:m{n}="http://search.yahoo.com/mrss/"><m{n}:rating>adult</m{n}:rating></item>', RSS, RSS_END
    ),
    "many spaces of one element": rows(
        ' xmlns:a{n}="x"', "<rss", "><channel><item><rating>adult</rating></item></channel></rss>"
    ),
    "attributes of one element": rows(' a{n}="x"', RSS + "<media:rating", ">adult</media:rating>" + RSS_END),
    "entries of Atom": rows("<entry><media:rating>adult</media:rating></entry>", "<feed>", "</feed>"),
    "offers": rows('<offer><age unit="year">18</age><adult>true</adult></offer>', "<yml_catalog>", "</yml_catalog>"),
    "offers of different ages": rows('<offer><age unit="x{n}">18</age></offer>', "<yml_catalog>", "</yml_catalog>"),
    "videos of a sitemap": rows("<url><video:family_friendly>no</video:family_friendly></url>", SITEMAP, "</urlset>"),
    "a long rating": rows("adult ", RSS + "<rating>", "</rating>" + RSS_END),
    "a rating in pieces": rows("a<!---->", RSS + "<rating>", "</rating>" + RSS_END),
    "a rating between elements": rows("a<b/>", RSS + "<rating>", "</rating>" + RSS_END),
    "references": rows("&amp;&nbsp;&x;&", RSS + "<rating>", "</rating>" + RSS_END),
    "half references": rows("&", RSS + "<rating>", "</rating>" + RSS_END),
    "comments before": rows("<!-- -->", "", "<rss><rating>adult</rating></rss>"),
    "instructions before": rows("<?x?>", "", "<rss><rating>adult</rating></rss>"),
    "document types before": rows("<!DOCTYPE rss>", "", "<rss><rating>adult</rating></rss>"),
    "a subset without end": rows("'<!--", "<!DOCTYPE rss [", "<rss><rating>adult</rating></rss>"),
    "empty elements": rows("<a/>", "<rss><rating>adult</rating>", "</rss>"),
    "depth": nest("<a>", "<rating>x</rating>", "</a>", "<rss>", "</rss>"),
    "long names": rows("<" + "n" * 190 + "{n}/>", "<rss><rating/>", "</rss>"),
    "names that never repeat": rows("<a{n}/>", "<rss><rating/>", "</rss>"),
    "different children beside ratings": rows("<a{n}/><media:rating>adult</media:rating>", RSS, RSS_END),
    "end tags of nothing": rows("</rss>", "<rss><rating>adult</rating>"),
    "forbidden characters": rows("\x01", "<rss><rating>", "adult</rating></rss>"),
}
GUIDES: dict[str, Shape] = {
    "programmes": rows('<programme><rating system="FSK"><value>12</value></rating></programme>', GUIDE, GUIDE_END),
    "programmes of different ratings": rows(
        '<programme><rating system="x{n}"><value>12</value></rating></programme>', GUIDE, GUIDE_END
    ),
    "values of one rating": rows(
        "<value>12</value>", GUIDE + '<programme><rating system="FSK">', "</rating></programme>" + GUIDE_END
    ),
    "ratings of one programme": rows(
        "<rating><value>18+</value></rating>", GUIDE + "<programme>", "</programme>" + GUIDE_END
    ),
    "guidance": rows(
        "<ProgramInformation><ParentalGuidance><MinimumAge>18</MinimumAge></ParentalGuidance></ProgramInformation>",
        "<TVAMain>",
        "</TVAMain>",
    ),
    "ages of one guidance": rows(
        "<MinimumAge>18</MinimumAge>", "<TVAMain><Service><ParentalGuidance>", "</ParentalGuidance></Service></TVAMain>"
    ),
    "ages of one guidance that are none": rows(
        "<MinimumAge>x{n}</MinimumAge>",
        "<TVAMain><Service><ParentalGuidance>",
        "</ParentalGuidance></Service></TVAMain>",
    ),
    "guidance inside each other": rows(
        "<Service>" * 40 + "<ParentalGuidance/>" + "</Service>" * 40, "<TVAMain>", "</TVAMain>"
    ),
    "guidance in stacks of others": rows(
        "<a>" * 90 + "<ParentalGuidance><MinimumAge>18</MinimumAge></ParentalGuidance>" + "</a>" * 90,
        "<TVAMain>",
        "</TVAMain>",
    ),
    "descriptors": rows('<Rating schemeIdUri="urn:dvb:iptv:rating:2014" value="15"/>', MPD, MPD_END),
    "descriptors of different schemes": rows('<Rating schemeIdUri="urn:x:{n}" value="15"/>', MPD, MPD_END),
    "events": rows(
        "<Event>&lt;ParentalGuidance&gt;&lt;MinimumAge&gt;18&lt;/MinimumAge&gt;&lt;/ParentalGuidance&gt;</Event>",
        MPD,
        MPD_END,
    ),
    "large events": rows(
        "<Event>&lt;parentalguidance&gt;" + "&lt;a/&gt;" * 700 + "&lt;/parentalguidance&gt;</Event>",
        MPD + "<a schemeIdUri=''/>",
        MPD_END,
    ),
}
BOOKS: dict[str, Shape] = {
    "products": rows("<Product>" + AUDIENCE + RANGE + "</Product>", ONIX, ONIX_END),
    "products of one age": rows("<Product>" + RANGE + "</Product>", ONIX, ONIX_END),
    "audiences of one product": rows(AUDIENCE, ONIX + "<Product>", "</Product>" + ONIX_END),
    "values of one range": rows(
        "<AudienceRangeValue>18</AudienceRangeValue>",
        ONIX + "<Product><AudienceRange><b074>17</b074><b075>03</b075>",
        "</AudienceRange></Product>" + ONIX_END,
    ),
    "values of one range that are none": rows(
        "<AudienceRangeValue>x{n}</AudienceRangeValue>",
        ONIX + "<Product><AudienceRange><b074>17</b074><b075>03</b075>",
        "</AudienceRange></Product>" + ONIX_END,
    ),
    "audiences inside each other": nest("<Audience>", "", "</Audience>", ONIX + "<Product>", "</Product>" + ONIX_END),
    "stacks of ranges": rows(
        "<AudienceRange>" * 90 + "</AudienceRange>" * 90, ONIX + "<Product>", "</Product>" + ONIX_END
    ),
    "unknown audiences": rows(
        "<Product><Audience><b204>22</b204><b206>no {n}</b206></Audience></Product>", ONIX, ONIX_END
    ),
    "metadata": rows(
        '<meta property="schema:typicalAgeRange">18+</meta>', "<package><metadata>", "</metadata></package>"
    ),
    "metadata of no label": rows(
        '<meta property="schema:contentRating">word {n}</meta>', "<package><metadata>", "</metadata></package>"
    ),
    "subjects": rows("<subject>word {n} 18</subject>", "<package><metadata>", "</metadata></package>"),
    "metadata elements": rows(
        "<metadata><meta name='schema:typicalAgeRange' content='18+'/></metadata>", "<package>", "</package>"
    ),
    "metadata in stacks": rows(
        "<metadata>" * 90 + "<subject>18+</subject>" + "</metadata>" * 90, "<package>", "</package>"
    ),
    "readers of FB3": rows('<target-audience age-min="18"/>', "<fb3-description>", "</fb3-description>"),
    "comics": rows("<AgeRating>Adults Only 18+</AgeRating>", "<ComicInfo>", "</ComicInfo>"),
    "comics of no label": rows("<AgeRating>word {n}</AgeRating>", "<ComicInfo>", "</ComicInfo>"),
}
APPLICATIONS: dict[str, Shape] = {
    "components": rows(
        '<component><content_rating type="oars-1.1"><content_attribute id="sex-nudity">intense</content_attribute></content_rating></component>',
        "<components>",
        "</components>",
    ),
    "components inside each other": rows(
        "<component>" * 40 + '<content_rating type="oars-1.0"/>' + "</component>" * 40, "<components>", "</components>"
    ),
    "attributes of one rating": rows(
        '<content_attribute id="x{n}">intense</content_attribute>',
        '<component><content_rating type="oars-1.1">',
        "</content_rating></component>",
    ),
    "ratings of one component": rows('<content_rating type="oars-1.1"/>', "<component>", "</component>"),
    "ratings of an unknown scheme": rows('<content_rating type="{n}"/>', "<component>", "</component>"),
}
PACKETS: dict[str, Shape] = {
    "packets": rows('<rdf:RDF><Description plus:AdultContentWarning="x"/></rdf:RDF>'),
    "warnings of one packet": rows(
        '<rdf:Description xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" plus:AdultContentWarning="x{n}"/>',
        "<rdf:RDF>",
        "</rdf:RDF>",
    ),
    "warnings in no packet": rows("AdultContentWarning "),
    "beginnings of packets": rows("<rdf:RDF AdultContentWarning"),
    "bags of warnings": rows(
        "<li>x{n}</li>",
        '<rdf:RDF><a:AdultContentWarning xmlns:a="http://ns.useplus.org/ldf/xmp/1.0/">',
        "</a:AdultContentWarning></rdf:RDF>",
    ),
    "warnings inside each other": rows(
        '<a:AdultContentWarning xmlns:a="http://ns.useplus.org/ldf/xmp/1.0/">' * 90
        + "<li>x</li>"
        + "</a:AdultContentWarning>" * 90,
        "<rdf:RDF>",
        "</rdf:RDF>",
    ),
}
SITE_FILE_HEAD = "<age-declaration><ageblock-labeltype><default-age>18</default-age></ageblock-labeltype>"
SITE_FILES: dict[str, Shape] = {
    "labels": rows("<label><age>16</age><scope>*.site.test/*</scope></label>", SITE_FILE_HEAD, "</age-declaration>"),
    "scopes of one label": rows(
        "<scope>*.site.test/p{n}/*</scope>", SITE_FILE_HEAD + "<label><age>16</age>", "</label></age-declaration>"
    ),
    "scopes of stars": rows(
        "*/", SITE_FILE_HEAD + "<label><age>16</age><scope>*.site.test/", "x</scope></label></age-declaration>"
    ),
    "scopes of stars and letters": rows(
        "*a", SITE_FILE_HEAD + "<label><age>16</age><scope>*.site.test/", "x</scope></label></age-declaration>"
    ),
    "labels inside each other": nest("<label><age>16</age>", "", "</label>", SITE_FILE_HEAD, "</age-declaration>"),
    "protocols": rows(
        "http,",
        SITE_FILE_HEAD + "<label><age>16</age><scope>*.site.test/*</scope><protocol>",
        "</protocol></label></age-declaration>",
    ),
    "text in pieces": rows("a<!---->", SITE_FILE_HEAD + "<label><age>", "</age></label></age-declaration>"),
    "default ages": rows(
        "<ageblock-labeltype><default-age>{n}</default-age></ageblock-labeltype>",
        "<age-declaration>",
        "</age-declaration>",
    ),
}
XML = merged(FEEDS, GUIDES, {f"books: {name}": each for name, each in BOOKS.items()}, APPLICATIONS, PACKETS)
