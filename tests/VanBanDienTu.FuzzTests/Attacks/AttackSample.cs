using System.Text;
using VanBanDienTu.IntegrationTests.Pdf;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Pdf;

namespace VanBanDienTu.FuzzTests.Attacks;

/// <summary>A document that we signed, and what an attacker finds in it.</summary>
internal sealed class AttackSample
{
    private AttackSample(string name, byte[] bytes)
    {
        (Name, Bytes, File) = (name, bytes, PdfFile.Open(PdfBytes.Of(bytes), new PdfLimits { MaxTime = TimeSpan.FromHours(1) }));
        Text = Encoding.Latin1.GetString(bytes);
        View = File.At(File.Newest);
        Catalog = ((PdfReference)File.Trailer["Root"]).Target;
        Pages = ((PdfReference)File.Catalog["Pages"]).Target;
        FirstPage = View.Pages[1]!;
        Page = FirstPage.Ref!.Value;
        Content = ((PdfReference)FirstPage.Dictionary["Contents"]).Target;
        Signature = File.SignatureFields.First(f => f.Signature is not null);
        Free = (int)((PdfInteger)File.Trailer["Size"]).Value + 20;
    }

    public string Name { get; }

    public byte[] Bytes { get; }

    /// <summary>The same, one char a byte.</summary>
    public string Text { get; }

    public PdfFile File { get; }

    public PdfView View { get; }

    public PdfRef Catalog { get; }

    public PdfRef Pages { get; }

    public PdfPage FirstPage { get; }

    public PdfRef Page { get; }

    public PdfRef Content { get; }

    public PdfSignatureField Signature { get; }

    /// <summary>From this number on no object exists.</summary>
    public int Free { get; }

    /// <summary>What the certification permits later: 1 nothing, 2 filling, 3 comments too; null: not certified.</summary>
    public int? Certified => Signature.Signature!.DocMdp;

    /// <summary>A form with fields, made to be attacked: <see cref="AttackForm"/>.</summary>
    public bool IsForm => Name.StartsWith("form", StringComparison.Ordinal);

    /// <summary>Signed once and twice, certified at each level, with tables and with streams, with and without a form.</summary>
    public static async Task<IReadOnlyList<AttackSample>> AllAsync()
    {
        var plain = new SignatureRequest();
        return
        [
            await SignAsync("letter", await System.IO.File.ReadAllBytesAsync(Samples.CongVan), plain),
            await SignAsync("decision-p2", await System.IO.File.ReadAllBytesAsync(Samples.QuyetDinh), plain with { Certify = 2 }),
            new("letter-padded", await PaddedAsync()),
            await SignAsync("letter-p3-twice", await System.IO.File.ReadAllBytesAsync(Samples.CongVan), plain with { Certify = 3, FieldName = "A" }, plain with { FieldName = "B" }),
            await SignAsync("form", AttackForm.Build(stream: false), plain),
            await SignAsync("form-p1", AttackForm.Build(stream: false), plain with { Certify = 1 }),
            await SignAsync("form-p2", AttackForm.Build(stream: true), plain with { Certify = 2 }),
            await SignAsync("form-p3-locked", AttackForm.Build(stream: false), plain with { Certify = 3, Lock = new PdfFieldLock("Include", ["amount", "agree"]) }),
        ];
    }

    /// <summary>Of a document that was signed some other way.</summary>
    public static AttackSample Of(string name, byte[] signed) => new(name, signed);

    /// <summary>Signs with a real key.</summary>
    public static async Task<byte[]> SignedAsync(byte[] pdf, params SignatureRequest[] requests)
    {
        using var folder = new TemporaryFolder();
        await System.IO.File.WriteAllBytesAsync(folder["0.pdf"], pdf);
        for (var i = 0; i < requests.Length; i++)
            await new PdfSigner(TimeProvider.System).SignAsync(folder[$"{i}.pdf"], folder[$"{i + 1}.pdf"], TestKeys.P256, requests[i], CancellationToken.None);
        return await System.IO.File.ReadAllBytesAsync(folder[$"{requests.Length}.pdf"]);
    }

    /// <summary>As most programs sign: thousands of zeros behind the value, which no digest reaches.</summary>
    private static async Task<byte[]> PaddedAsync()
    {
        using var folder = new TemporaryFolder();
        RealSigner.Sign(Samples.CongVan, folder["padded.pdf"]);
        return await System.IO.File.ReadAllBytesAsync(folder["padded.pdf"]);
    }

    /// <summary>A dictionary of the newest revision as it is written, with entries set, each given as key and written value.</summary>
    public string With(PdfRef name, params (string Key, string Value)[] entries) => Write(entries.Aggregate(Dictionary(name), (d, e) => d.With(e.Key, Parse(e.Value))));

    public string Without(PdfRef name, string key) => Write(Dictionary(name).Without(key));

    public string Entry(PdfRef name, string key) => Write(View.Get(Dictionary(name), key));

    public PdfDictionary Dictionary(PdfRef name) => File.Load(name) switch { PdfDictionary d => d, PdfStream s => s.Dictionary, _ => PdfDictionary.Empty };

    /// <summary>The decoded data of a stream.</summary>
    public string Data(PdfRef name) => Encoding.Latin1.GetString(View.Decode((PdfStream)File.Load(name)));

    /// <summary>A rectangle over the first words of the page: half a page from their left edge.</summary>
    public string OverWords()
    {
        var scan = new PaintScan(View);
        scan.Page(FirstPage, new(-1e6, -1e6, 1e6, 1e6));
        var first = scan.Glyphs[0].Box;
        return FormattableString.Invariant($"[{first.Left - 5:0} {first.Bottom - 20:0} {first.Left + 295:0} {first.Top + 20:0}]");
    }

    /// <summary>One more revision with a table.</summary>
    public byte[] Update(Func<HandMadePdf, HandMadePdf> objects, string trailer = "") => objects(Begin()).EndTable(Trailer + trailer).ToArray();

    public HandMadePdf Begin() => new(Text, Free);

    /// <summary>What the trailer of an honest update says.</summary>
    public string Trailer => $"/Root {Catalog.Number} 0 R/Prev {File.Newest.StartXref}{(File.Trailer["Info"] is PdfReference info ? $"/Info {info.Target.Number} 0 R" : "")}";

    public static string Write(PdfObject value)
    {
        var output = new PdfOutput();
        output.Value(value);
        return Encoding.Latin1.GetString(output.ToArray());
    }

    public static PdfObject Parse(string text)
    {
        var parser = new PdfParser(Encoding.Latin1.GetBytes(text), -1, complete: true, 100);
        return parser.Read() ?? throw new FormatException(text);
    }

    private static async Task<AttackSample> SignAsync(string name, byte[] pdf, params SignatureRequest[] requests) => new(name, await SignedAsync(pdf, requests));
}
