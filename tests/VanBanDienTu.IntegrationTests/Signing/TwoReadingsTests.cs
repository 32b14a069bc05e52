using VanBanDienTu.Signing;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Pki;
using VanBanDienTu.UnitTests.Pdf;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>A document that was two documents before a trusted person signed it: the bytes are intact, but nothing green is said about it.</summary>
public sealed class TwoReadingsTests : IAsyncLifetime
{
    private const string Evil = "BT /F1 18 Tf 50 700 Td (You owe nothing) Tj ET";

    private static readonly string Object = $"4 0 obj\n<</Length {Evil.Length}>>stream\n{Evil}\nendstream\nendobj\n";

    private readonly TemporaryFolder _folder = new();
    private TestPki _pki = null!;

    public static TheoryData<string> Hidden => new(
        Object,
        $"% {Object.Replace('\n', ' ')}\n",
        $"20 0 obj\n<</Length {Object.Length + 17}>>stream\nendstream endobj\n{Object}endstream\nendobj\n",
        "40 0 obj\n<</Type/Catalog/Pages 41 0 R>>\nendobj\n41 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\ntrailer\n<</Root 40 0 R>>\n",
        "40 0 obj\n<</Type/Catalog/Pages 41 0 R>>\nendobj\n41 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n42 0 obj\n<</Type/XRef/Root 40 0 R/Size 1/W[1 1 1]/Length 0>>stream\n\nendstream\nendobj\n",
        "31 0 obj\n/ObjStm\nendobj\n30 0 obj\n<</Type 31 0 R/N 1/First 4/Length 35>>stream\n2 0 <</Type/Pages/Kids[]/Count 0>> \nendstream\nendobj\n");

    public async ValueTask InitializeAsync() => _pki = await TestPki.StartAsync([]);

    public async ValueTask DisposeAsync()
    {
        await _pki.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Hidden))]
    public async Task It_waits_for_a_person_and_the_finding_says_where(string hidden)
    {
        var verdict = await SignedAsync(HandMadePdf.Hello().Raw(hidden).EndTable().ToArray());
        var signature = Assert.Single(verdict.Signatures);
        Assert.Equal((FileOutcome.Indeterminate, Integrity.Intact, LaterChange.None, Indication.TotalPassed), (verdict.Verdict, signature.Integrity, signature.LaterChanges, signature.EtsiIndication));
        Assert.Equal(("SIG_CONSTRAINTS_FAILURE", "readings-differ"), (signature.SubIndication, signature.Reasons[0].Code));
        Assert.True(Assert.Single(verdict.Findings, f => f.Code == "readings-differ") is { Severity: Severity.Critical, Where: { Object: > 0, Offset: > 0, Revision: 1 } });
    }

    [Fact]
    public async Task The_same_document_without_it_passes() =>
        Assert.Equal(FileOutcome.TotalPassed, (await SignedAsync(HandMadePdf.Hello().Raw("% 4 0 objects\n").EndTable().ToArray())).Verdict);

    private async Task<FileVerdict> SignedAsync(byte[] pdf)
    {
        var ct = TestContext.Current.CancellationToken;
        await File.WriteAllBytesAsync(_folder["in.pdf"], pdf, ct);
        using var key = _pki.Open(_pki.Signer("two-readings"));
        await new PdfSigner(_pki.Time).SignAsync(_folder["in.pdf"], _folder["out.pdf"], key, new SignatureRequest(), ct);
        return await new PdfVerifier(_pki.Trust, _pki.Checker(), _pki.Time).VerifyAsync(_folder["out.pdf"], cancellation: ct);
    }
}
