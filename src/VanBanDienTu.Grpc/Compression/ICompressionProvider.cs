using System.IO.Compression;

namespace Grpc.Net.Compression;

/// <summary>One message encoding, such as gzip.</summary>
public interface ICompressionProvider
{
    /// <summary>Its name in <c>grpc-encoding</c>.</summary>
    string EncodingName { get; }

    /// <summary>A stream that compresses into <paramref name="stream"/>, which stays open.</summary>
    Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel);

    /// <summary>A stream that reads <paramref name="stream"/> decompressed.</summary>
    Stream CreateDecompressionStream(Stream stream);
}

/// <summary>The encoding <c>gzip</c> (RFC 1952).</summary>
public sealed class GzipCompressionProvider(CompressionLevel defaultCompressionLevel) : ICompressionProvider
{
    public string EncodingName => "gzip";

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new GZipStream(stream, compressionLevel ?? defaultCompressionLevel, leaveOpen: true);

    public Stream CreateDecompressionStream(Stream stream) => new GZipStream(stream, CompressionMode.Decompress);
}
