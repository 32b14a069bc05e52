using Google.Protobuf;
using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Reports;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>Signing and verifying while the caller waits, against a real authority over HTTP.</summary>
public sealed class DeskTests(TestNetwork network) : IClassFixture<TestNetwork>, IAsyncLifetime
{
    private GatewayHost node = null!;

    public async ValueTask InitializeAsync() => node = await network.StartAsync(network.Government("desk-" + Guid.NewGuid()));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_organisation_signs_what_a_person_signed_and_the_verdict_is_passed()
    {
        var personal = await PersonallySignedAsync();
        var (result, signed) = await SignAsync("system-H99", personal);
        Assert.Equal("TOTAL-PASSED", result.Verdict.Verdict);
        Assert.Equal(2, result.Verdict.Signatures.Count);
        Assert.Equal("UBND tỉnh Mẫu", result.Verdict.Signatures[1].Signer.Name);
        Assert.Equal(result.Size, signed.Length);
        Assert.True(signed.AsSpan().StartsWith(personal));
        var file = network["desk-signed.pdf"];
        await File.WriteAllBytesAsync(file, signed);
        Assert.Contains("Total document signed", ExternalTool.Run("pdfsig", "-nocert", file).Output, StringComparison.Ordinal);

        var report = await VerifyAsync("auditor", signed);
        Assert.Equal("TOTAL-PASSED", report.Files[0].Verdict);
        Assert.True(report.Trust.Sample);
        Assert.Equal("permitted", report.Files[0].Signatures[0].LaterChanges);
        Assert.Equal("whole-file", report.Files[0].Signatures[1].Coverage);
    }

    [Fact]
    public async Task A_configured_seal_stands_over_the_left_third_of_the_visible_personal_signature_and_an_invisible_one_stays_alone()
    {
        var config = network.Government("desk-seal");
        node = await network.StartAsync(config with { Organs = [.. config.Organs.Select(o => o with { Signing = o.Signing! with { Image = Path.Combine(TestKit.Samples.Root, "samples", "con-dau.png"), ImageMillimetres = 30 } })] });
        var (result, signed) = await SignAsync("system-H99", await PersonallySignedAsync(new SignatureAppearance { Image = TestKit.Samples.Signature, Anchor = "Người Ký Mẫu" }));
        Assert.Equal("TOTAL-PASSED", result.Verdict.Verdict);
        using (var file = VanBanDienTu.Pdf.PdfFile.Open(VanBanDienTu.Pdf.PdfBytes.Of(signed)))
        {
            var (hand, seal) = (file.SignatureFields[0].Rect!.Value, file.SignatureFields[1].Rect!.Value);
            Assert.Equal(30 * 72 / 25.4, seal.Width, 0.01);
            Assert.Equal(hand.Left + hand.Width / 3, seal.Right, 0.01);
        }
        (result, signed) = await SignAsync("system-H99", await PersonallySignedAsync());
        Assert.Equal("TOTAL-PASSED", result.Verdict.Verdict);
        using var unseen = VanBanDienTu.Pdf.PdfFile.Open(VanBanDienTu.Pdf.PdfBytes.Of(signed));
        Assert.All(unseen.SignatureFields, f => Assert.False(f.Visible));
    }

    [Theory]
    [InlineData("unsigned", StatusCode.FailedPrecondition, "PERSONAL_SIGNATURE_MISSING")]
    [InlineData("text", StatusCode.InvalidArgument, "NOT_A_PDF")]
    [InlineData("tampered", StatusCode.FailedPrecondition, "SIGNATURE_INVALID")]
    public async Task What_must_not_be_signed_is_refused(string what, StatusCode code, string reason)
    {
        var bytes = what switch
        {
            "unsigned" => await File.ReadAllBytesAsync(Samples.CongVan),
            "text" => "Đây không phải PDF"u8.ToArray(),
            _ => await PersonallySignedAsync(),
        };
        if (what == "tampered")
            bytes[bytes.AsSpan().IndexOf("%PDF-1."u8) + 7] ^= 1; // the version digit: still a PDF, no longer the signed one
        CallerTests.AssertError(await Assert.ThrowsAsync<RpcException>(() => SignAsync("system-H99", bytes)), code, reason);
    }

    [Fact]
    public async Task Many_files_are_signed_in_one_call_and_those_that_must_not_be_stop_no_other()
    {
        var good = await PersonallySignedAsync();
        var files = Enumerable.Range(0, 6).ToDictionary(i => $"{i}", i => i switch
        {
            2 => "Đây không phải PDF"u8.ToArray(),
            4 => File.ReadAllBytes(Samples.CongVan),
            _ => good,
        }, StringComparer.Ordinal);
        using var channel = network.Channel(node.Address, "system-H99");
        using var call = new SigningService.SigningServiceClient(channel).SignBatch();
        var sending = Task.Run(async () =>
        {
            foreach (var (id, pdf) in files)
            {
                await call.RequestStream.WriteAsync(new SignBatchRequest { Header = new SignBatchHeader { Id = id, Sign = new SignHeader { Name = id + ".pdf" } } });
                foreach (var part in pdf.Chunk(256 << 10))
                    await call.RequestStream.WriteAsync(new SignBatchRequest { Data = ByteString.CopyFrom(part) });
            }
            await call.RequestStream.CompleteAsync();
        }, TestContext.Current.CancellationToken);
        var results = new Dictionary<string, (SignBatchResult Result, MemoryStream Bytes)>(StringComparer.Ordinal);
        var last = "";
        await foreach (var part in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (part.Result is { } result)
                results.Add(last = result.Id, (result, new MemoryStream()));
            else
                results[last].Bytes.Write(part.Data.Span);
        }
        await sending;
        Assert.Equal(files.Keys, results.Keys.Order(StringComparer.Ordinal));
        foreach (var (id, (result, bytes)) in results)
        {
            Assert.Equal(id switch { "2" => "NOT_A_PDF", "4" => "PERSONAL_SIGNATURE_MISSING", _ => "" }, result.ReasonCode);
            Assert.Equal(result.ReasonCode.Length > 0, result.Signed is null);
            if (result.Signed is not { } signed)
            {
                Assert.NotEmpty(result.Reason.Vi);
                Assert.Equal(0, bytes.Length);
                continue;
            }
            Assert.Equal("TOTAL-PASSED", signed.Verdict.Verdict);
            Assert.Equal(signed.Sha256, Convert.ToHexStringLower(global::System.Security.Cryptography.SHA256.HashData(bytes.ToArray())));
        }
    }

    [Fact]
    public async Task A_file_that_is_no_PDF_is_a_verdict()
    {
        var report = await VerifyAsync("system-G22", "hello"u8.ToArray());
        Assert.Equal("UNREADABLE", report.Files[0].Verdict);
        Assert.NotEmpty(report.Files[0].Findings[0].Text.Vi);
    }

    [Fact]
    public async Task A_verdict_loses_nothing_between_its_JSON_and_the_contract()
    {
        var path = network["desk-verdict.pdf"];
        await File.WriteAllBytesAsync(path, await PersonallySignedAsync());
        var verifier = new PdfVerifier(network.Pki.Trust, network.Pki.Checker(), TimeProvider.System);
        var json = ReportJson.Text(verifier.Report([await verifier.VerifyAsync(path)]));
        var strict = new JsonParser(JsonParser.Settings.Default); // throws on a field that the proto does not have
        Assert.Single(strict.Parse<Report>(json).Files);
    }

    private async Task<byte[]> PersonallySignedAsync(SignatureAppearance? look = null)
    {
        var output = network[Guid.NewGuid() + ".pdf"];
        using var key = Pkcs12Key.Load(network.Authority.KeyFile("person-H99"), network.Authority.Password);
        await new PdfSigner(TimeProvider.System).SignAsync(Samples.CongVan, output, key, new SignatureRequest { Appearance = look ?? new() });
        return await File.ReadAllBytesAsync(output);
    }

    private async Task<(SignResult Result, byte[] Bytes)> SignAsync(string caller, byte[] pdf)
    {
        using var channel = network.Channel(node.Address, caller);
        using var call = new SigningService.SigningServiceClient(channel).Sign();
        await call.RequestStream.WriteAsync(new SignRequest { Header = new SignHeader { Name = "a.pdf" } });
        foreach (var part in pdf.Chunk(256 << 10))
            await call.RequestStream.WriteAsync(new SignRequest { Data = ByteString.CopyFrom(part) });
        await call.RequestStream.CompleteAsync();
        SignResult? result = null;
        using var bytes = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync())
        {
            result ??= part.Result;
            if (part.PartCase == SignResponse.PartOneofCase.Data)
                bytes.Write(part.Data.Span);
        }

        return (result!, bytes.ToArray());
    }

    private async Task<Report> VerifyAsync(string caller, byte[] pdf)
    {
        using var channel = network.Channel(node.Address, caller);
        using var call = new VerificationService.VerificationServiceClient(channel).Verify();
        foreach (var part in pdf.Chunk(256 << 10))
            await call.RequestStream.WriteAsync(new VerifyRequest { Name = "a.pdf", Data = ByteString.CopyFrom(part) });
        await call.RequestStream.CompleteAsync();
        return (await call.ResponseAsync).Report;
    }
}
