using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing.Remote;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>Signing in two calls with a key that the node never sees; the node may be killed in between.</summary>
public sealed class RemoteSigningTests(TestNetwork network) : IClassFixture<TestNetwork>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_was_stopped_between_the_steps_completes_what_it_had_prepared_and_keeps_nothing_meanwhile()
    {
        var config = Config("restart");
        using var key = Key(out var certificates);
        var pdf = await File.ReadAllBytesAsync(Samples.CongVan, Ct);
        PrepareSignatureResponse prepared;
        await using (var first = await network.StartAsync(config))
        {
            using var before = network.Channel(first.Address, "system-H99");
            prepared = await PrepareAsync(new(before), pdf, certificates, "B-LTA");
            Assert.Empty(Directory.Exists(config.ScratchFolder) ? Directory.GetFiles(config.ScratchFolder) : []);
        }
        var value = key.SignHash(prepared.SignedAttributesHash.ToByteArray(), DSASignatureFormat.Rfc3279DerSequence);
        var second = await network.StartAsync(config);
        using var channel = network.Channel(second.Address, "system-H99");
        var (result, signed) = await CompleteAsync(new(channel), pdf, prepared.State, value);
        Assert.Equal("TOTAL-PASSED", result.Verdict.Verdict);
        Assert.Equal("B-LTA", result.Verdict.Signatures[0].Level);
        Assert.True(signed.AsSpan().StartsWith(pdf));
        var file = network["remote.pdf"];
        await File.WriteAllBytesAsync(file, signed, Ct);
        Assert.Contains("Signature is Valid", ExternalTool.Run("pdfsig", "-nocert", file).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_verify_or_does_not_fit_is_refused_and_the_right_value_still_works_afterwards()
    {
        var node = await network.StartAsync(Config("refused"));
        using var channel = network.Channel(node.Address, "system-H99");
        var service = new SigningService.SigningServiceClient(channel);
        using var key = Key(out var certificates);
        var pdf = await File.ReadAllBytesAsync(Samples.CongVan, Ct);
        var prepared = await PrepareAsync(service, pdf, certificates, "");
        var hash = prepared.SignedAttributesHash.ToByteArray();
        Assert.NotEqual(SHA256.HashData(pdf), hash);

        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var good = key.SignHash(hash); // r and s side by side, as tokens give them
        var state = prepared.State.ToStringUtf8();
        await RefusedAsync("VALUE_DOES_NOT_VERIFY", pdf, prepared.State, stranger.SignHash(hash));
        await RefusedAsync("VALUE_DOES_NOT_VERIFY", pdf, prepared.State, key.SignData(hash, HashAlgorithmName.SHA256)); // hashed once more
        await RefusedAsync("PREPARED_STATE_UNUSABLE", [.. pdf, (byte)'\n'], prepared.State, good);
        await RefusedAsync("PREPARED_STATE_UNUSABLE", pdf, ByteString.CopyFromUtf8(state.Replace("\"Page\":null", "\"Page\":2", StringComparison.Ordinal)), good);
        await RefusedAsync("PREPARED_STATE_UNUSABLE", pdf, ByteString.CopyFromUtf8("{}"), good);
        Assert.DoesNotContain("/tmp", state, StringComparison.Ordinal);

        Assert.Equal("TOTAL-PASSED", (await CompleteAsync(service, pdf, prepared.State, good)).Result.Verdict.Verdict);

        async Task RefusedAsync(string reason, byte[] input, ByteString given, byte[] value) =>
            CallerTests.AssertError(await Assert.ThrowsAsync<RpcException>(() => CompleteAsync(service, input, given, value)), StatusCode.InvalidArgument, reason);
    }

    [Fact]
    public async Task A_state_that_somebody_made_up_opens_no_file_of_the_node_and_takes_no_room()
    {
        var node = await network.StartAsync(Config("forged"));
        using var channel = network.Channel(node.Address, "system-H99");
        using var key = Key(out var certificates);
        var pdf = await File.ReadAllBytesAsync(Samples.CongVan, Ct);
        var prepared = await PrepareAsync(new(channel), pdf, certificates, "", new Placement { Page = 1, X = 300, Y = 200, Width = 150, Height = 60 });
        var value = key.SignHash(prepared.SignedAttributesHash.ToByteArray());
        var honest = PendingSignature.Parse(prepared.State.Span, "state");
        var font = honest with { Appearance = honest.Appearance with { FontFile = "/etc/shadow" } };
        Assert.Equal("TOTAL-PASSED", (await CompleteAsync(new(channel), pdf, ByteString.CopyFrom(font.ToBytes()), value)).Result.Verdict.Verdict);
        foreach (var room in new[] { -1, int.MaxValue })
            CallerTests.AssertError(
                await Assert.ThrowsAsync<RpcException>(() => CompleteAsync(new(channel), pdf, ByteString.CopyFrom((honest with { TokenRoom = room }).ToBytes()), value)),
                StatusCode.InvalidArgument, "PREPARED_STATE_UNUSABLE");
    }

    [Fact]
    public async Task What_cannot_be_prepared_is_named()
    {
        var node = await network.StartAsync(Config("bad"));
        using var channel = network.Channel(node.Address, "system-H99");
        using var key = Key(out var certificates);
        var pdf = await File.ReadAllBytesAsync(Samples.CongVan, Ct);
        await RefusedAsync("BAD_REQUEST", pdf, [], "");
        await RefusedAsync("BAD_REQUEST", pdf, certificates, "B-X");
        await RefusedAsync("NOT_A_PDF", "hello"u8.ToArray(), certificates, "");

        async Task RefusedAsync(string reason, byte[] input, byte[][] chain, string level) =>
            CallerTests.AssertError(await Assert.ThrowsAsync<RpcException>(() => PrepareAsync(new(channel), input, chain, level)), StatusCode.InvalidArgument, reason);
    }

    private NodeConfig Config(string data) => network.Government("remote-" + data) with { Timestamps = new TimestampConfig { Authorities = [network.Authority.TsaUrl] } };

    private ECDsa Key(out byte[][] certificates)
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(network.Authority.KeyFile("person-H99"), network.Authority.Password);
        certificates = [.. all.OrderByDescending(c => c.HasPrivateKey).Select(c => c.RawData)];
        return all.First(c => c.HasPrivateKey).GetECDsaPrivateKey()!;
    }

    private static async Task<PrepareSignatureResponse> PrepareAsync(SigningService.SigningServiceClient service, byte[] pdf, byte[][] certificates, string level, Placement? place = null)
    {
        var header = new PrepareSignatureHeader { Name = "cong-van.pdf", Level = level, Placement = place };
        header.Certificates.Add(certificates.Select(c => ByteString.CopyFrom(c)));
        using var call = service.PrepareSignature();
        await call.RequestStream.WriteAsync(new PrepareSignatureRequest { Header = header });
        foreach (var part in pdf.Chunk(256 << 10))
            await call.RequestStream.WriteAsync(new PrepareSignatureRequest { Data = ByteString.CopyFrom(part) });
        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    }

    private static async Task<(SignResult Result, byte[] Bytes)> CompleteAsync(SigningService.SigningServiceClient service, byte[] pdf, ByteString state, byte[] value)
    {
        using var call = service.CompleteSignature();
        try
        {
            await call.RequestStream.WriteAsync(new CompleteSignatureRequest { Header = new CompleteSignatureHeader { State = state, SignatureValue = ByteString.CopyFrom(value) } });
            foreach (var part in pdf.Chunk(256 << 10))
                await call.RequestStream.WriteAsync(new CompleteSignatureRequest { Data = ByteString.CopyFrom(part) });
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The node ended the call while we wrote: what it said comes from the response.
        }
        SignResult? result = null;
        using var bytes = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync(Ct))
        {
            result ??= part.Result;
            if (part.PartCase == SignResponse.PartOneofCase.Data)
                bytes.Write(part.Data.Span);
        }
        return (result!, bytes.ToArray());
    }
}
