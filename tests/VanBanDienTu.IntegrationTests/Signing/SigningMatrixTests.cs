using System.Collections.Concurrent;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.X509;
using VanBanDienTu.IntegrationTests.Signing.Levels;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Pdf;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>Level × key × appearance × form of the input. The usual run has every pair of values; the long one has all of the product.</summary>
public sealed class SigningMatrixTests : LevelRig
{
    private const string SignatureTimestamp = "1.2.840.113549.1.9.16.2.14";

    private static readonly BaselineLevel[] Levels = Enum.GetValues<BaselineLevel>();
    private static readonly SampleKeyType[] KeyTypes = [SampleKeyType.Rsa2048, SampleKeyType.Rsa3072, SampleKeyType.P256, SampleKeyType.P384, SampleKeyType.P521];
    private static readonly string[] Looks = ["text", "picture", "seal", "annex", "copy", "invisible"];
    private static readonly string[] Forms = ["table", "stream", "hybrid", "rc4-128", "aes-128", "aes-256", "pdf-a", "tagged", "rotated", "certified", "signed"];

    private static bool Long => Environment.GetEnvironmentVariable("VBDT_LONG") == "1";

    [Fact]
    public async Task Every_cell_is_valid_to_our_verifier_and_to_all_who_can_read_it()
    {
        var keys = KeyTypes.ToDictionary(t => t, t => Owned(Pki.Open(Pki.Signer($"matrix-{t}", p => p with { Key = t }))));
        var inputs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var form in Forms)
            inputs.Add(form, await InputAsync(form));
        await File.WriteAllTextAsync(Folder["root.pem"], Pki.Authority.Root.ToPem(), Ct);
        await File.WriteAllTextAsync(Folder["issuer.pem"], Pki.Authority.Issuers[0].ToPem(), Ct);
        var signer = Signer();
        var failures = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Cells(), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = Ct }, async (cell, _) =>
        {
            try
            {
                await CheckAsync(cell, inputs[cell.Form], keys[cell.Key], signer);
            }
            catch (Exception e)
            {
                failures.Add($"{cell}: {e.GetType().Name} {e.Message}");
            }
        });
        Assert.True(failures.IsEmpty, string.Join('\n', failures.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void The_usual_run_has_every_pair_of_values()
    {
        var rows = Pairwise.Rows(Levels.Length, KeyTypes.Length, Looks.Length, Forms.Length);
        int[] sizes = [Levels.Length, KeyTypes.Length, Looks.Length, Forms.Length];
        for (var i = 0; i < sizes.Length; i++)
        {
            for (var j = i + 1; j < sizes.Length; j++)
                Assert.Equal(sizes[i] * sizes[j], rows.Select(r => (r[i], r[j])).Distinct().Count());
        }
        Assert.InRange(rows.Count, Looks.Length * Forms.Length, 100);
    }

    private static IEnumerable<Cell> Cells() => Long
        ? from level in Levels from key in KeyTypes from look in Looks from form in Forms select new Cell(level, key, look, form)
        : Pairwise.Rows(Levels.Length, KeyTypes.Length, Looks.Length, Forms.Length).Select(r => new Cell(Levels[r[0]], KeyTypes[r[1]], Looks[r[2]], Forms[r[3]]));

    private async Task CheckAsync(Cell cell, string input, Pkcs12Key key, PdfSigner signer)
    {
        var output = Folder[$"{cell}.pdf"];
        var done = await signer.SignAsync(input, output, key, Request(cell), Ct);
        Assert.Equal(cell.Level, done.Level);

        var verdict = await new PdfVerifier(Pki.Trust, Checker(), Pki.Time, new VerifierOptions { Password = Password(cell) }).VerifyAsync(output, cancellation: Ct);
        Assert.True(verdict.Verdict == FileOutcome.TotalPassed, $"we say {verdict.Verdict}: {string.Join(' ', verdict.Findings.Select(f => f.Text.En).Concat(verdict.Signatures.Select(s => s.Text.En)))}");
        Assert.Equal(cell.Level.Name(), verdict.Signatures.Single(s => s.Field == done.FieldName).Level);

        var secret = cell.IsEncrypted ? EncryptedForms.User : "";
        var sound = ExternalTool.Run("qpdf", "--check", "--password=" + secret, output);
        Assert.True(sound.ExitCode == 0, $"qpdf: {sound.Output}");
        var raw = RawSignature.All(output);
        var signatures = raw.Where(s => !s.IsTimestamp).ToList();
        Assert.Equal(cell.Form is "certified" or "signed" ? 2 : 1, signatures.Count);
        var poppler = ExternalTool.Run("pdfsig", [.. cell.IsEncrypted ? new[] { "-upw", secret } : [], "-nocert", output]).Output;
        Assert.True(poppler.Split("Signature is Valid.").Length - 1 == signatures.Count, $"pdfsig: {poppler}");
        var mupdf = ExternalTool.Run("mutool", "sign", "-v", "-p", secret, output).Output;
        var unharmed = mupdf.Split("The document is unchanged since signing").Length + mupdf.Split("The signature is valid but there have been edits").Length - 2;
        // MuPDF reads no RSASSA-PSS: it says «Digest error» of every such signature.
        Assert.True(unharmed >= signatures.Count - (cell.Key == SampleKeyType.Rsa3072 ? 1 : 0), $"mutool: {mupdf}");
        OpensslAndBouncyCastle(cell, signatures[^1], key);
        foreach (var stamp in raw.Where(s => s.IsTimestamp))
            Stamp(cell, stamp.Der, stamp.Covered);
        Assert.Equal(cell.Level == BaselineLevel.Archived ? 1 : 0, raw.Count(s => s.IsTimestamp));
    }

    private void OpensslAndBouncyCastle(Cell cell, RawSignature signature, Pkcs12Key key)
    {
        var said = ExternalTool.Run("openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", Folder.Write($"{cell}.cms", signature.Der),
            "-content", Folder.Write($"{cell}.content", signature.Covered), "-CAfile", Folder["root.pem"], "-purpose", "any", "-out", "/dev/null");
        Assert.True(said.ExitCode == 0, $"openssl cms: {said.Output}");
        var cms = new CmsSignedData(new CmsProcessableByteArray(signature.Covered), signature.Der);
        var signer = Assert.Single(cms.GetSignerInfos().GetSigners().Cast<SignerInformation>());
        Assert.True(signer.Verify(new X509CertificateParser().ReadCertificate(key.Certificate.Der.ToArray())), "BouncyCastle");
        var stamps = signer.UnsignedAttributes?[new Org.BouncyCastle.Asn1.DerObjectIdentifier(SignatureTimestamp)];
        Assert.Equal(cell.Level >= BaselineLevel.Timestamped, stamps is not null);
        if (stamps is not null)
            Stamp(cell, stamps.AttrValues[0].GetDerEncoded(), signer.GetSignature());
    }

    private void Stamp(Cell cell, byte[] token, byte[] stamped)
    {
        var name = $"{cell}-{Guid.NewGuid():n}";
        var said = ExternalTool.Run("openssl", "ts", "-verify", "-token_in", "-in", Folder.Write(name + ".tst", token), "-data", Folder.Write(name + ".data", stamped),
            "-CAfile", Folder["root.pem"], "-untrusted", Folder["issuer.pem"]);
        Assert.True(said.Output.Contains("Verification: OK", StringComparison.Ordinal), $"openssl ts: {said.Output}");
    }

    private async Task<string> InputAsync(string form)
    {
        var path = Folder[$"in-{form}.pdf"];
        switch (form)
        {
            case "table" or "stream" or "rotated":
                var how = form switch { "table" => "--object-streams=disable", "stream" => "--object-streams=generate", _ => "--rotate=90" };
                var made = ExternalTool.Run("qpdf", how, Samples.CongVan, path);
                Assert.True(made.ExitCode == 0, made.Output);
                return path;
            case "hybrid":
                return Folder.Write($"in-{form}.pdf", Hybrid());
            case "rc4-128" or "aes-128" or "aes-256":
                return EncryptedForms.Encrypt(Samples.CongVan, path, form);
            case "certified" or "signed":
                await Signer().SignAsync(Samples.CongVan, path, Key, new SignatureRequest { Certify = form == "certified" ? 2 : null }, Ct);
                return path;
            default:
                return form == "pdf-a" ? Samples.QuyetDinh : Samples.CongVan;
        }
    }

    private static byte[] Hybrid() => new HandMadePdf()
        .Object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>")
        .Object(2, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>")
        .Object(3, "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots 9 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>")
        .Object(9, "[7 0 R]")
        .Stream(4, "", "BT /F1 18 Tf 50 700 Td (Hello) Tj ET")
        .Packed(20, (6, "<</Fields[7 0 R]/DA(/F1 0 Tf)>>"), (7, "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(100)/Rect[50 600 150 620]/P 3 0 R>>"))
        .EndHybrid(30, $"/Root 1 0 R/ID[<{new string('0', 32)}><{new string('0', 32)}>]").ToArray();

    private static SignatureRequest Request(Cell cell)
    {
        var picture = File.ReadAllBytes(Path.Combine(Samples.Root, "samples", cell.Look == "seal" ? "con-dau.png" : "chu-ky.png"));
        return new SignatureRequest
        {
            Level = cell.Level,
            Padding = cell.Key == SampleKeyType.Rsa3072 ? SignaturePadding.Pss : SignaturePadding.Pkcs1,
            Password = Password(cell),
            Reason = "Ban hành",
            Role = cell.Look switch
            {
                "seal" => SignatureRole.Organization,
                "annex" => SignatureRole.Annex,
                "copy" => SignatureRole.Copy,
                "invisible" => SignatureRole.Invisible,
                _ => SignatureRole.Personal,
            },
            Rect = cell.Look is "text" or "picture" or "seal" ? new PdfRectangle(60, 60, 200, 130) : null,
            Appearance = new SignatureAppearance { Image = cell.Look is "picture" or "seal" ? picture : null, Notation = "15/BC-UBND" },
        };
    }

    private static PdfPassword? Password(Cell cell) => cell.IsEncrypted ? new PdfPassword(EncryptedForms.User) : null;

    private sealed record Cell(BaselineLevel Level, SampleKeyType Key, string Look, string Form)
    {
        public bool IsEncrypted => Form[..3] is "rc4" or "aes";

        public override string ToString() => $"{Level.Name()}-{Key}-{Look}-{Form}";
    }
}
