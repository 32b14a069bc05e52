using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;

namespace VanBanDienTu.Signing.Evidence.Bundles;

/// <summary>
/// Writes a container of files under one signature (ASiC-E with CAdES): any ZIP program opens it, <c>openssl cms -verify</c> checks the
/// signature over META-INF/ASiCManifest.xml, <c>sha256sum</c> the files that it names.
/// </summary>
/// <remarks>Source: ETSI EN 319 162-1, 4.4. A file goes through in pieces; none is held as a whole.</remarks>
public sealed class AsicWriter : IDisposable
{
    public const string ContentType = "application/vnd.etsi.asic-e+zip";

    private readonly ZipArchive zip;
    private readonly List<AsicFile> files = [];

    /// <param name="output">Seekable, empty; left open.</param>
    public AsicWriter(Stream output)
    {
        zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        using var type = zip.CreateEntry(AsicReader.TypeEntry, CompressionLevel.NoCompression).Open(); // first and stored: programs look for it at byte 38
        type.Write("application/vnd.etsi.asic-e+zip"u8);
    }

    /// <summary>Adds one file.</summary>
    /// <exception cref="ArgumentException">The name is taken, or leaves the container.</exception>
    public async Task AddAsync(string name, string contentType, Stream content, CancellationToken ct)
    {
        if (!AsicReader.IsPlain(name) || files.Exists(f => f.Name == name))
            throw new ArgumentException($"«{name}» cannot be the name of a file in a container, or is taken.", nameof(name));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(128 << 10);
        await using (var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open())
        {
            while (await content.ReadAsync(buffer, ct) is > 0 and var count)
            {
                hash.AppendData(buffer, 0, count);
                await entry.WriteAsync(buffer.AsMemory(0, count), ct);
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
        files.Add(new AsicFile(name, contentType, hash.GetHashAndReset()));
    }

    /// <summary>Signs the list of all that was added and ends the container.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.KeyFailed"/>.</exception>
    public void Complete(EvidenceSigner signer)
    {
        var manifest = AsicManifest.Write(files);
        Put(AsicManifest.Path, manifest);
        Put(AsicManifest.SignaturePath, signer.Sign(manifest));
        zip.Dispose();
    }

    public void Dispose() => zip.Dispose();

    private void Put(string name, byte[] bytes)
    {
        using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
        entry.Write(bytes);
    }
}
