using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>An audit asks a node again: the report by its id, what it rests on, and the same judgement once more.</summary>
public sealed class KeptReportTests(TestNetwork network) : IClassFixture<TestNetwork>, IAsyncLifetime
{
    private GatewayHost node = null!;
    private string data = "";

    public async ValueTask InitializeAsync()
    {
        var config = network.Government("kept-" + Guid.NewGuid());
        data = config.Data;
        node = await network.StartAsync(config with
        {
            Timestamps = new TimestampConfig { Authorities = [network.Authority.TsaUrl], PrivateHosts = ["127.0.0.1"] },
            Archive = new ArchiveConfig
            {
                Crls = [network.Authority.CrlUrl],
                StampEvery = TimeSpan.FromMilliseconds(10),
            },
        });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_report_is_had_by_its_id_with_its_record_and_a_timestamp_that_openssl_verifies()
    {
        var pdf = await SignedAsync("person-H99");
        var given = await VerifyAsync("system-H99", pdf);
        var id = given.Files[0].ReportId;
        var kept = await StampedAsync("system-H99", id);
        Assert.Equal(given, kept.Report);
        using var record = JsonDocument.Parse(kept.RecordJson.ToByteArray());
        Assert.Equal(Hex(pdf), record.RootElement.GetProperty("file").GetProperty("sha256").GetString());
        Assert.Equal(Hex(kept.ReportJson.ToByteArray()), record.RootElement.GetProperty("report").GetString());
        Assert.Equal((given.Trust.Id, given.Policy.Version, given.Files[0].EvidenceSet), (
            record.RootElement.GetProperty("trust").GetProperty("id").GetString(),
            record.RootElement.GetProperty("policy").GetProperty("version").GetString(),
            record.RootElement.GetProperty("evidenceSet").GetString()));
        Assert.Contains(Hex(kept.RecordJson.ToByteArray()), kept.Stamp.ListJson.ToStringUtf8(), StringComparison.Ordinal);

        var (list, token) = (network["list.json"], network["list.tst"]);
        await File.WriteAllBytesAsync(list, kept.Stamp.ListJson.ToByteArray());
        await File.WriteAllBytesAsync(token, kept.Stamp.Token.ToByteArray());
        var intermediates = network["issuers.pem"];
        await File.WriteAllTextAsync(intermediates, string.Join('\n', network.Authority.Issuers.Select(i => i.ToPem())));
        var answer = ExternalTool.Run("openssl", "ts", "-verify", "-data", list, "-in", token, "-token_in", "-CAfile", Path.Combine(network.Authority.TrustFolder, "root.pem"), "-untrusted", intermediates);
        Assert.True(answer.ExitCode == 0 && answer.Output.Contains("Verification: OK", StringComparison.Ordinal), answer.Output);
    }

    [Fact]
    public async Task Everything_that_a_report_rests_on_is_had_by_its_hash()
    {
        var id = (await VerifyAsync("system-H99", await SignedAsync("person-H99"))).Files[0].ReportId;
        using var channel = network.Channel(node.Address, "system-H99");
        var client = new VerificationService.VerificationServiceClient(channel);
        using var record = JsonDocument.Parse((await client.GetReportAsync(new GetReportRequest { ReportId = id })).RecordJson.ToByteArray());
        var hashes = record.RootElement.GetProperty("evidence").EnumerateArray().Select(e => e.GetProperty("data").GetProperty("sha256").GetString()!).ToList();
        Assert.True(hashes.Count >= 5, "signer, two authorities, two answers"); // and perhaps their responders
        foreach (var hash in hashes)
        {
            using var call = client.GetReportEvidence(new GetReportEvidenceRequest { ReportId = id, Sha256 = hash });
            using var bytes = new MemoryStream();
            await foreach (var part in call.ResponseStream.ReadAllAsync())
                bytes.Write(part.Data.Span);
            Assert.Equal(hash, Hex(bytes.ToArray()));
        }
    }

    [Fact]
    public async Task The_same_judgement_once_more_is_the_same_report()
    {
        var pdf = await SignedAsync("person-H99");
        var then = await VerifyAsync("system-H99", pdf);
        await Task.Delay(1100); // reports count in seconds: this one must be of another
        var now = await VerifyAsync("system-H99", pdf);
        Assert.NotEqual(then.Files[0].ReportId, now.Files[0].ReportId);
        Assert.Equal(then, await VerifyAsync("system-H99", pdf, then.Files[0].ReportId));
        var other = await Assert.ThrowsAsync<RpcException>(() => VerifyAsync("system-H99", [.. pdf, 0x0a], then.Files[0].ReportId));
        CallerTests.AssertError(other, StatusCode.InvalidArgument, "DIGEST_MISMATCH");
    }

    [Fact]
    public async Task A_report_is_for_its_own_organ_and_for_auditors()
    {
        var id = (await VerifyAsync("system-H99", await SignedAsync("person-H99"))).Files[0].ReportId;
        CallerTests.AssertError(await Assert.ThrowsAsync<RpcException>(() => GetAsync("system-G22", id)), StatusCode.NotFound, "DOCUMENT_UNKNOWN");
        Assert.Equal(id, (await GetAsync("auditor", id)).Report.Files[0].ReportId);
    }

    [Fact]
    public async Task A_batch_is_answered_file_by_file()
    {
        byte[][] files = [await SignedAsync("person-H99"), "không phải PDF"u8.ToArray(), await File.ReadAllBytesAsync(Samples.CongVan)];
        using var channel = network.Channel(node.Address, "system-H99");
        using var call = new VerificationService.VerificationServiceClient(channel).VerifyBatch();
        var answers = new List<VerifyBatchResponse>();
        var reading = Task.Run(async () =>
        {
            await foreach (var answer in call.ResponseStream.ReadAllAsync())
                answers.Add(answer);
        });
        foreach (var (file, i) in files.Select((f, i) => (f, i)))
        {
            await call.RequestStream.WriteAsync(new VerifyBatchRequest { File = new BatchFile { Name = $"{i}.pdf" } });
            foreach (var part in file.Chunk(256 << 10))
                await call.RequestStream.WriteAsync(new VerifyBatchRequest { Data = ByteString.CopyFrom(part) });
        }

        await call.RequestStream.CompleteAsync();
        await reading;
        Assert.Equal([0, 1, 2], answers.Select(a => a.Index));
        Assert.Equal(["TOTAL-PASSED", "UNREADABLE", "NO-SIGNATURE"], answers.Select(a => a.Report.Files[0].Verdict));
        Assert.Equal(files.Select(Hex), answers.Select(a => a.Report.Files[0].Sha256));
        Assert.All(answers, a => Assert.NotEmpty(a.Report.Files[0].ReportId));
    }

    [Fact]
    public async Task The_configured_CRLs_are_kept_under_a_timestamp_when_the_node_starts()
    {
        using var database = new SqliteConnection($"Data Source={Path.Combine(data, "relay.db")};Mode=ReadOnly");
        await database.OpenAsync();
        using var command = database.CreateCommand();
        command.CommandText = "SELECT k.url FROM kept_crl k JOIN stamp s ON s.number = k.stamp";
        object? url = null;
        for (var patience = new Patience(); patience.Lasts && url is null;)
        {
            url = await command.ExecuteScalarAsync();
            await Task.Delay(50);
        }

        Assert.Equal(network.Authority.CrlUrl, url);
    }

    private async Task<KeptReport> StampedAsync(string caller, string id)
    {
        for (var patience = new Patience(); patience.Lasts;)
        {
            if (await GetAsync(caller, id) is { Stamp: not null } kept)
                return kept;
            await Task.Delay(50);
        }

        throw new TimeoutException($"The report {id} got no timestamp.");
    }

    private async Task<KeptReport> GetAsync(string caller, string id)
    {
        using var channel = network.Channel(node.Address, caller);
        return await new VerificationService.VerificationServiceClient(channel).GetReportAsync(new GetReportRequest { ReportId = id });
    }

    private async Task<Report> VerifyAsync(string caller, byte[] pdf, string asReport = "")
    {
        using var channel = network.Channel(node.Address, caller);
        using var call = new VerificationService.VerificationServiceClient(channel).Verify();
        await call.RequestStream.WriteAsync(new VerifyRequest { Name = "văn bản.pdf", AsReport = asReport });
        foreach (var part in pdf.Chunk(256 << 10))
            await call.RequestStream.WriteAsync(new VerifyRequest { Data = ByteString.CopyFrom(part) });
        await call.RequestStream.CompleteAsync();
        return (await call.ResponseAsync).Report;
    }

    private async Task<byte[]> SignedAsync(string person)
    {
        var output = network[Guid.NewGuid() + ".pdf"];
        using var key = Pkcs12Key.Load(network.Authority.KeyFile(person), network.Authority.Password);
        await new PdfSigner(TimeProvider.System).SignAsync(Samples.CongVan, output, key, new SignatureRequest());
        return await File.ReadAllBytesAsync(output);
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
