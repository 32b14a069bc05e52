using System.Text;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.UnitTests.Pdf;

namespace VanBanDienTu.FuzzTests.Attacks;

/// <summary>
/// Documents that were built so that a change which is permitted falsifies them: one object serves two purposes, of which one may change; what nobody saw when
/// it was signed counts as seen; the table lists what does not exist yet. Each is signed by an honest person, then changed.
/// </summary>
internal sealed class PreparedAttacks
{
    private const string Widget = "/Type/Annot/Subtype/Widget/F 4/P 3 0 R";
    private const string Form = "/Type/XObject/Subtype/Form/BBox[0 0 600 500]";
    private const string Fonts = "/Resources<</Font<</F1 5 0 R>>>>";
    private const string Look = Form + Fonts;
    private const string Opaque = "1 g 0 360 600 50 re f 0 g BT /F1 18 Tf 50 370 Td (Total: 9.000.000 dong) Tj ET";
    private const string Other = "BT /F1 18 Tf 50 670 Td (Total: 9.000.000 dong) Tj ET";
    private const string Bogus = "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 1 2 3]/Contents<00>>>";
    private const string AsField = "/FT/Tx/T(page)";
    private const int Catalog = 1;
    private const int Page = 3;
    private const int Fields = 6;
    private const int Amount = 7;
    private const int Overlay = 9;
    private const int SecondPage = 11;
    private const int Content = 14;
    private const int Group = 20;
    private const int Sum = 21;

    private readonly Lazy<AttackSample> sample;
    private readonly Func<AttackSample, byte[]> falsify;

    private PreparedAttacks(string family, byte[] document, Func<AttackSample, byte[]> falsify, SignatureRequest? request)
    {
        (Family, this.falsify) = (family, falsify);
        sample = new(() => AttackSample.Of("prepared", AttackSample.SignedAsync(document, request ?? new()).GetAwaiter().GetResult()));
    }

    public static IReadOnlyList<PreparedAttacks> All { get; } =
    [
        // One object, two purposes.
        Of("content-is-a-list-of-annotations", Build((SecondPage, "<</Type/Page/Parent 2 0 R/Contents 14 0 R/Annots 14 0 R/Resources<</Font<</F1 5 0 R>>>>>>")), (s, p) => p.Stream(Content, "", Other)),
        Of("content-is-a-list-of-kids", Build((Amount, $"<<{Widget}/FT/Tx/T(amount)/V(100)/Rect[50 600 250 620]/AP<</N 8 0 R>>/Kids 14 0 R>>")), (s, p) => p.Stream(Content, "", Other)),
        Of("box-is-a-list-of-fields", Build((SecondPage, "<</Type/Page/Parent 2 0 R/Contents 14 0 R/MediaBox 22 0 R/Annots 22 0 R>>"), (22, "[0 0 600 800]")), (s, p) => InForm(s, p, s.Free)
            .Object(22, $"[0 0 600 {s.Free} 0 R 800]").Object(s.Free, $"<</Type/Annot/Subtype/Widget/FT/Sig/T(new)/Rect[0 0 0 0]/P {SecondPage} 0 R>>")),
        Of("value-is-drawn", Build("/V Do", (SecondPage, Drawing("XObject", Amount)), (Amount, $"<<{Widget}/FT/Tx/T(amount)/V 8 0 R/Rect[50 600 250 620]>>")), (s, p) => p
            .Object(Amount, s.With(new(Amount, 0), ("V", $"{s.Free} 0 R"))).Stream(s.Free, Look, Other)),
        Of("font-is-a-colour-of-a-field", Build("BT /MK 20 Tf 50 500 Td (abc) Tj ET", (SecondPage, Drawing("Font", Amount)), (Amount, $"<<{Widget}/FT/Tx/T(amount)/V(1)/Rect[50 600 250 620]/MK 5 0 R>>")), (s, p) => p
            .Object(Amount, s.With(new(Amount, 0), ("V", "(2)"), ("MK", $"{s.Free} 0 R"))).Object(s.Free, "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>")),
        Of("metadata-are-drawn", Build("/Metadata Do", (SecondPage, Drawing("XObject", Catalog)), (Catalog, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Metadata 8 0 R>>")), (s, p) => p
            .Object(Catalog, s.With(s.Catalog, ("Metadata", $"{s.Free} 0 R"))).Stream(s.Free, Look, Other)),
        Of("default-resources-are-drawn", Build("/DR Do", (SecondPage, Drawing("XObject", Fields)), (Fields, "<</Fields[7 0 R 9 0 R 20 0 R]/DR 8 0 R>>")), (s, p) => p
            .Object(Fields, s.With(new(Fields, 0), ("DR", $"{s.Free} 0 R"))).Stream(s.Free, Look, Other)),
        Of("page-is-a-field", Build((Page, $"<<{AsField}/Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[7 0 R 9 0 R 21 0 R]>>"), (Fields, "<</Fields[7 0 R 9 0 R 20 0 R 3 0 R]>>")), (s, p) => Fill(s, p, Opaque)),
        Of("tree-of-pages-is-a-field", Build((2, $"<<{AsField}/Type/Pages/Kids[3 0 R 11 0 R]/Count 3/MediaBox[0 0 600 800]/Resources<</Font<</F1 5 0 R>>>>>>"), (Fields, "<</Fields[7 0 R 9 0 R 20 0 R 2 0 R]>>")), (s, p) => p
            .Object(2, s.With(new(2, 0), ("Kids", $"[3 0 R 11 0 R {s.Free} 0 R]"))).Object(s.Free, $"<</Type/Page/FT/Sig/T(new)/Parent 2 0 R/Contents {s.Free + 1} 0 R>>").Stream(s.Free + 1, "", Other)),

        // What hides signed words now, and seems to have hidden them before.
        Of("page-knows-no-parent", Build((Page, "<</Type/Page/Contents 4 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 5 0 R>>>>/Annots[7 0 R 9 0 R 21 0 R]>>")), (s, p) => Fill(s, p, Opaque)),
        Of("ground-was-not-drawn", Build((Overlay, Field("/FT/Tx/MK<</BG[1 1 1]>>/AP<</N 12 0 R>>"))), (s, p) => Fill(s, p, Opaque)),
        Of("state-covers", Build((Overlay, Field("/FT/Btn/V/Off/AS/Off/AP<</N<</Off 12 0 R/Yes 13 0 R>>>>"))), (s, p) => p.Object(Overlay, s.With(new(Overlay, 0), ("V", "/Yes"), ("AS", "/Yes")))),
        Of("cover-was-in-a-hidden-layer", Build((Overlay, Field("/FT/Tx/AP<</N 16 0 R>>")), (Catalog, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/OCProperties<</OCGs[17 0 R]/D<</OFF[17 0 R]>>>>>>"),
            (17, "<</Type/OCG/Name(x)>>")), (s, p) => Fill(s, p, Opaque)),
        Of("cover-was-behind-a-mask", Build((Overlay, Field("/FT/Tx/AP<</N 19 0 R>>"))), (s, p) => Fill(s, p, Opaque)),
        Of("drawn-anew-on-a-ground", Build((Fields, "<</Fields[7 0 R 9 0 R 20 0 R]/NeedAppearances true/DA(/F1 12 Tf 0 g)/DR<</Font<</F1 5 0 R>>>>>>")), (s, p) => p
            .Object(Overlay, s.With(new(Overlay, 0), ("V", "(Total: 9.000.000 dong)"), ("MK", "<</BG[1 1 1]>>"), ("AP", "<</N 12 0 R>>")))),
        Of("words-under-a-field-come-out", Build((Overlay, Field("/FT/Tx/AP<</N 13 0 R>>"))), (s, p) => p.Object(Overlay, s.With(new(Overlay, 0), ("V", "(x)"), ("AP", "<</N 12 0 R>>")))),
        Of("look-in-light-letters", Build(), (s, p) => Fill(s, p, "1 1 0.8 rg BT /F1 60 Tf 40 360 Td (MMMMMMMM) Tj ET")),
        Of("look-without-resources", Build(), (s, p) => Fill(s, p, "/Cover Do", Form)),
        Of("look-of-an-unknown-font", Build(), (s, p) => Fill(s, p, "1 g BT /F9 60 Tf 40 360 Td (MMMMMMMM) Tj ET")),
        Of("look-without-a-box", Build(), (s, p) => Fill(s, p, "1 g 0 0 600 500 re f", "/Type/XObject/Subtype/Form")),
        Of("look-of-an-empty-box", Build(), (s, p) => Fill(s, p, "1 g 0 0 600 500 re f", "/Type/XObject/Subtype/Form/BBox[0 0 0 0]")),
        Of("look-of-a-long-box", Build(), (s, p) => Fill(s, p, "1 g 0 0 600 500 re f", "/Type/XObject/Subtype/Form/BBox[0 0 600 500 9]")),
        Of("look-of-a-flat-matrix", Build(), (s, p) => Fill(s, p, "1 g 0 0 600 500 re f", Form + "/Matrix[0 0 0 0 0 0]")),
        Of("rectangle-of-five", Build((Overlay, Field("/FT/Tx", "[0 300 600 800 9]"))), (s, p) => Fill(s, p, Opaque)),
        Of("rectangle-with-a-null", Build((Overlay, Field("/FT/Tx", "[null 300 600 800]"))), (s, p) => Fill(s, p, Opaque)),
        Of("black-image-multiplied", Build(), (s, p) => Fill(s, p, "/M gs 600 0 0 500 0 0 cm BI/W 1/H 1/BPC 8/CS/G ID \0 EI", Form + "/Resources<</ExtGState<</M<</BM/Multiply>>>>>>")),

        // Fields of fields.
        Of("parent-filled-and-kid-drawn", Build(), (s, p) => Fill(s, p, Group, Sum)),
        Of("parent-filled-and-kid-locked", Build((Sum, $"<<{Widget}/FT/Tx/T(sum)/Parent 20 0 R/Rect[50 400 250 420]>>")), (s, p) => Fill(s, p, Group, Sum), new SignatureRequest { Lock = new PdfFieldLock("Include", ["group.sum"]) }),
        new("locked-field-signed", Build((Overlay, "<</Type/Annot/Subtype/Widget/F 4/P 3 0 R/FT/Sig/T(overlay)/Rect[0 0 0 0]>>")), s => HonestChanges.Sign(s, Overlay), new SignatureRequest { Lock = new PdfFieldLock("Include", ["overlay"]) }),
        Of("signature-that-nobody-judges", Build(), (s, p) => OnPage(s, p).Object(s.Free, $"<</Type/Annot/Subtype/Widget/FT/Sig/T(minister)/F 4/Rect[50 100 250 150]/AP<</N {s.Free + 1} 0 R>>/V{Bogus}>>")
            .Stream(s.Free + 1, Look, "BT /F1 100 Tf 10 10 Td (Minister) Tj ET")),
        Of("signature-of-a-parent-that-nobody-judges", Build(), (s, p) => InForm(s, OnPage(s, p), s.Free + 2).Object(s.Free + 2, $"<</FT/Sig/T(office)/Kids[{s.Free} 0 R]/V{Bogus}>>")
            .Object(s.Free, $"<</Type/Annot/Subtype/Widget/FT/Sig/T(minister)/Parent {s.Free + 2} 0 R/V {s.Free + 9} 0 R/F 4/Rect[50 100 250 150]/AP<</N {s.Free + 1} 0 R>>>>")
            .Stream(s.Free + 1, Look, "BT /F1 100 Tf 10 10 Td (Minister) Tj ET")),
        Of("signature-gains-a-kid", Build(), (s, p) => p.Object(s.Signature.Field!.Value.Number, s.With(s.Signature.Field!.Value, ("Kids", $"[{s.Free} 0 R]")))
            .Object(s.Free, $"<</FT/Sig/T(kid)/Parent {s.Signature.Field!.Value.Number} 0 R/V {s.Free + 9} 0 R>>")),

        // What the tables say.
        Of("object-listed-before-it-exists", BeforeItExists(), (s, p) => p.Raw(new string(' ', Later - (int)p.Length)).Stream(99, "", Other)),
        Of("more-changes-than-are-listed", Build(), (s, p) =>
        {
            var fields = Enumerable.Range(s.Free, 1100).ToArray();
            Array.ForEach(fields, f => p.Object(f, $"<</FT/Sig/T(s{f})>>"));
            return InForm(s, p.Stream(Content, "", Other), fields);
        }),
        Of("locked-field-behind-many", Build([(Fields, $"<</Fields[{string.Join(' ', Many.Select(f => $"{f} 0 R"))}]>>"), .. Many.Select(f => (f, $"<</FT/Tx/T(f{f})>>"))]), (s, p) =>
        {
            foreach (var field in Many)
                p.Object(field, $"<</FT/Tx/T(f{field})/V(x)>>");
            return p;
        }, new SignatureRequest { Lock = new PdfFieldLock("Include", [$"f{Many[^1]}"]) }),
    ];

    private const int Later = 200_000;

    private static int[] Many => [.. Enumerable.Range(100, 1100)];

    public string Family { get; }

    /// <summary>As the honest person signed it.</summary>
    public AttackSample Signed => sample.Value;

    public byte[] Falsified() => falsify(Signed);

    private static PreparedAttacks Of(string family, byte[] document, Func<AttackSample, HandMadePdf, HandMadePdf> update, SignatureRequest? request = null) => new(family, document, s => s.Update(p => update(s, p)), request);

    /// <summary>The empty field over the words of the page gets a value and this look.</summary>
    private static HandMadePdf Fill(AttackSample s, HandMadePdf p, string content, string look = Look) => p
        .Object(Overlay, s.With(new(Overlay, 0), ("V", "(x)"), ("AP", $"<</N {s.Free} 0 R>>"))).Stream(s.Free, look, content);

    private static HandMadePdf Fill(AttackSample s, HandMadePdf p, int filled, int drawn) => p
        .Object(filled, s.With(new(filled, 0), ("V", "(x)"))).Object(drawn, s.With(new(drawn, 0), ("AP", $"<</N {s.Free} 0 R>>"))).Stream(s.Free, Look, "BT /F1 100 Tf 2 100 Td (900) Tj ET");

    private static HandMadePdf InForm(AttackSample s, HandMadePdf p, params int[] fields) =>
        p.Object(Fields, s.With(new(Fields, 0), ("Fields", s.Entry(new(Fields, 0), "Fields")[..^1] + string.Concat(fields.Select(f => $" {f} 0 R")) + "]")));

    private static HandMadePdf OnPage(AttackSample s, HandMadePdf p) => p.Object(Page, s.With(s.Page, ("Annots", s.Entry(s.Page, "Annots")[..^1] + $" {s.Free} 0 R]")));

    private static string Field(string entries, string rectangle = "[0 300 600 800]") => $"<<{Widget}/T(overlay)/Rect{rectangle}{entries}>>";

    private static string Drawing(string category, int number) => $"<</Type/Page/Parent 2 0 R/Contents 14 0 R/Resources<</{category} {number} 0 R>>>>";

    private static byte[] Build(params (int Number, string Body)[] others) => Build("BT /F1 18 Tf 50 670 Td (Second page) Tj ET", others);

    /// <summary>Two pages, a filled and an empty field, one that hangs under another; some objects otherwise.</summary>
    private static byte[] Build(string content, params (int Number, string Body)[] others)
    {
        var objects = new SortedDictionary<int, string>
        {
            [Catalog] = "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>",
            [2] = "<</Type/Pages/Kids[3 0 R 11 0 R]/Count 2/MediaBox[0 0 600 800]/Resources<</Font<</F1 5 0 R>>/XObject<</Cover 10 0 R>>>>>>",
            [Page] = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[7 0 R 9 0 R 21 0 R]>>",
            [5] = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            [Fields] = "<</Fields[7 0 R 9 0 R 20 0 R]/DA(/F1 12 Tf 0 g)/DR<</Font<</F1 5 0 R>>>>>>",
            [Amount] = $"<<{Widget}/FT/Tx/T(amount)/V(100)/Rect[50 600 250 620]/AP<</N 8 0 R>>>>",
            [Overlay] = Field("/FT/Tx"),
            [SecondPage] = "<</Type/Page/Parent 2 0 R/Contents 14 0 R>>",
            [Group] = "<</T(group)/FT/Tx/Kids[21 0 R]>>",
            [Sum] = $"<<{Widget}/FT/Tx/T(sum)/V(100)/Parent 20 0 R/Rect[50 400 250 420]/AP<</N 8 0 R>>>>",
        };
        foreach (var (number, body) in others)
            objects[number] = body;
        var pdf = new HandMadePdf()
            .Stream(4, "", "BT /F1 18 Tf 50 700 Td (Pay to the account 0123456789) Tj 0 -30 Td (Total: 1.000.000 dong) Tj ET")
            .Stream(8, "/Type/XObject/Subtype/Form/BBox[0 0 200 20]" + Fonts, "/Tx BMC BT /F1 12 Tf 2 5 Td (100) Tj ET EMC")
            .Stream(10, Form, Opaque)
            .Stream(12, Look, "")
            .Stream(13, Look, Opaque)
            .Stream(Content, "", content)
            .Stream(16, Form + "/Resources<</Font<</F1 5 0 R>>/Properties<</L 17 0 R>>>>", $"/OC /L BDC {Opaque} EMC")
            .Stream(18, Form + "/Group<</S/Transparency/CS/DeviceGray>>", "0 g 0 0 600 500 re f")
            .Stream(19, Form + "/Resources<</Font<</F1 5 0 R>>/ExtGState<</G<</SMask<</S/Luminosity/G 18 0 R>>>>>>>>", $"/G gs {Opaque}");
        foreach (var (number, body) in objects)
            pdf.Object(number, body);
        return pdf.EndTable().ToArray();
    }

    /// <summary>The table says where a part of the page will stand once the file has grown; until then there is none.</summary>
    private static byte[] BeforeItExists()
    {
        const string first = "xref\n0 1\n0000000000 65535 f\r\n";
        var text = Encoding.Latin1.GetString(Build((SecondPage, "<</Type/Page/Parent 2 0 R/Contents[14 0 R 99 0 R]>>")));
        return Encoding.Latin1.GetBytes(text.Replace(first, $"{first}99 1\n{Later:D10} 00000 n\r\n", StringComparison.Ordinal));
    }
}
