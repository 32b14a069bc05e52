using System.IO.Compression;
using System.Security.Cryptography;
using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Signing.Evidence.Bundles;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>A document's whole story in one container, checked by openssl and by us, and touched in every way.</summary>
public sealed class BundleTests(TestNetwork network) : IClassFixture<TestNetwork>
{
    [Fact]
    public async Task A_bundle_holds_the_whole_story_and_nothing_in_it_can_be_changed()
    {
        var node = await network.StartAsync(network.Government("bundle-" + Guid.NewGuid()));
        using var sender = new UnitClient(network.Channel(node.Address, "system-H99"));
        using var recipient = new UnitClient(network.Channel(node.Address, "system-G22"));
        var submitted = await sender.SubmitAsync(UnitClient.Slip("bundle", "G22"), await File.ReadAllBytesAsync(Samples.CongVan));
        var prepared = await sender.PreparedAsync(submitted.DocumentId);
        var arrived = await recipient.ArrivedAsync(submitted.EdxmlDocumentId);

        var sent = await BundleAsync(sender, new GetBundleRequest { DocumentId = submitted.DocumentId });
        var received = await BundleAsync(recipient, new GetBundleRequest { MessageId = arrived.IncomingId });

        Assert.Equal("mimetype" + AsicWriter.ContentType, System.Text.Encoding.ASCII.GetString(sent, 30, 8 + AsicWriter.ContentType.Length));
        foreach (var bundle in new[] { sent, received })
        {
            Assert.All(Verify(bundle), finding => Assert.True(finding.Good, $"{finding.Name}: {finding.Text.En}"));
            await OpensslAgreesAsync(bundle);
            var names = Names(bundle);
            Assert.Contains(names, n => n.StartsWith("documents/01-", StringComparison.Ordinal));
            Assert.Contains(names, n => n.StartsWith("envelopes/", StringComparison.Ordinal));
            Assert.Contains(names, n => n.StartsWith("reports/", StringComparison.Ordinal));
            Assert.Contains(names, n => n.EndsWith(".json.p7s", StringComparison.Ordinal));
        }

        Assert.Equal(Entry(sent, "documents/01"), Entry(received, "documents/01")); // what left is what arrived
        Assert.Equal(prepared.Attachments[0].Sha256, Convert.ToHexStringLower(SHA256.HashData(Entry(sent, "documents/01"))));
        Assert.All(Names(sent), name => Assert.Contains(Verify(Changed(sent, name, b => [.. b[..^1], (byte)(b[^1] ^ 1)])), f => !f.Good));
        Assert.All(Names(sent), name => Assert.Contains(Verify(Changed(sent, name, _ => null)), f => !f.Good));
        Assert.Contains(Verify(Added(sent, "documents/99-other.pdf")), f => f is { Name: "documents/99-other.pdf", Good: false });
        Assert.Contains(Verify(Added(sent, Names(sent)[0])), f => !f.Good); // a name twice
        Assert.Contains(Verify([.. "not a container"u8]), f => !f.Good);
        Assert.Contains(Verify(Changed(sent, Names(sent).First(name => name.StartsWith("documents/01", StringComparison.Ordinal)), _ => new byte[257 << 20])), f => f.Text.En.Contains("times its own size", StringComparison.Ordinal)); // a bomb costs no time
    }

    [Fact]
    public async Task A_stranger_gets_no_bundle()
    {
        var config = network.Government("bundle-spy-" + Guid.NewGuid());
        var node = await network.StartAsync(config);
        using var sender = new UnitClient(network.Channel(node.Address, "system-H99"));
        using var other = new UnitClient(network.Channel(node.Address, "system-G22"));
        var submitted = await sender.SubmitAsync(UnitClient.Slip("bundle-spy", "G22"), await File.ReadAllBytesAsync(Samples.CongVan));
        await sender.PreparedAsync(submitted.DocumentId);
        CallerTests.AssertError(
            await Assert.ThrowsAsync<RpcException>(() => BundleAsync(other, new GetBundleRequest { DocumentId = submitted.DocumentId })),
            StatusCode.NotFound, "DOCUMENT_UNKNOWN");
        using var auditor = new UnitClient(network.Channel(node.Address, "auditor"));
        Assert.NotEmpty(await BundleAsync(auditor, new GetBundleRequest { DocumentId = submitted.DocumentId }));
    }

    private IReadOnlyList<AsicFinding> Verify(byte[] bundle) =>
        AsicReader.Verify(new MemoryStream(bundle), TrustSnapshot.Load(network.Authority.TrustFolder, allowSample: true), TimeProvider.System.GetUtcNow());

    private async Task OpensslAgreesAsync(byte[] bundle)
    {
        var folder = Directory.CreateTempSubdirectory("vbdt-bundle-").FullName;
        var (manifest, signature) = (Path.Combine(folder, "m.xml"), Path.Combine(folder, "s.p7s"));
        await File.WriteAllBytesAsync(manifest, Entry(bundle, "META-INF/ASiCManifest.xml"));
        await File.WriteAllBytesAsync(signature, Entry(bundle, "META-INF/signature.p7s"));
        var answer = ExternalTool.Run(
            "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", manifest,
            "-CAfile", Directory.GetFiles(network.Authority.TrustFolder)[0], "-purpose", "any", "-out", "/dev/null");
        Directory.Delete(folder, recursive: true);
        Assert.True(answer.ExitCode == 0, answer.Output);
    }

    private static async Task<byte[]> BundleAsync(UnitClient client, GetBundleRequest request)
    {
        using var call = client.Audit.GetBundle(request);
        using var bytes = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync())
            part.Data.WriteTo(bytes);
        return bytes.ToArray();
    }

    private static List<string> Names(byte[] bundle)
    {
        using var zip = new ZipArchive(new MemoryStream(bundle));
        return [.. zip.Entries.Select(e => e.FullName).Where(n => n != "mimetype")];
    }

    private static byte[] Entry(byte[] bundle, string begins)
    {
        using var zip = new ZipArchive(new MemoryStream(bundle));
        return Read(zip.Entries.First(e => e.FullName.StartsWith(begins, StringComparison.Ordinal)));
    }

    private static byte[] Changed(byte[] bundle, string name, Func<byte[], byte[]?> change)
    {
        using var from = new ZipArchive(new MemoryStream(bundle));
        using var into = new MemoryStream();
        using (var zip = new ZipArchive(into, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in from.Entries)
            {
                if ((entry.FullName == name ? change(Read(entry)) : Read(entry)) is not { } bytes)
                    continue;
                using var target = zip.CreateEntry(entry.FullName).Open();
                target.Write(bytes);
            }
        }

        return into.ToArray();
    }

    private static byte[] Added(byte[] bundle, string name)
    {
        using var into = new MemoryStream();
        into.Write(bundle);
        using (var zip = new ZipArchive(into, ZipArchiveMode.Update, leaveOpen: true))
        using (var entry = zip.CreateEntry(name).Open())
            entry.Write("%PDF-1.7"u8);
        return into.ToArray();
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }
}
