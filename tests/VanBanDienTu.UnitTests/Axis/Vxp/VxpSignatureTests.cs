using System.Security.Cryptography;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Axis.Vxp;

namespace VanBanDienTu.UnitTests.Axis.Vxp;

/// <summary>The header protocol, held to what the official client library wrote (golden vector of the domain notes, section 2.3).</summary>
public sealed class VxpSignatureTests
{
    private const string Secret = "test-secret";
    private const string Json =
        """{"XroadVnpt-systemid":"00.13.W00","XroadVnpt-servicetype":"eDoc","XroadVnpt-messagetype":"edoc","XroadVnpt-hash-file":"53f84e4d60ee8f2251d439c95e0a4e98d155ceba81f1d1754eadbf27044ba","XroadVnpt-from":"G13","XroadVnpt-timestamp":"21112024T091530+0123","XroadVnpt-Content-Type":"application/octet-stream"}""";

    private const string Hash = "c73fda659f807f4e790e9f8118d0f8815359f1f683ea48e6abf6b52e9e252b72";

    private static readonly DateTimeOffset Time = new(2024, 11, 21, 9, 15, 30, 123, TimeSpan.FromHours(7));

    private static byte[] PdfDigest
    {
        get
        {
            using var folder = new TemporaryFolder();
            var packet = EdxmlPacket.Unpack(new MemoryStream(AxisSamples.Packet), folder.Path);
            return SHA256.HashData(File.ReadAllBytes(packet.Attachments[0].Path));
        }
    }

    [Fact]
    public void The_golden_vector_is_reproduced_from_its_parts()
    {
        var signed = VxpSignature.Sign(
            Secret,
            [
                new("systemid", "00.13.W00"), new("servicetype", "eDoc"), new("messagetype", "edoc"),
                new("hash-file", HashFile.Write(PdfDigest, HashFileEncoding.Legacy)), new("from", "G13"), new("timestamp", VxpTimestamp.Write(Time)),
                new("Content-Type", "application/octet-stream"),
            ]);
        Assert.Equal("systemid;servicetype;messagetype;hash-file;from;timestamp;Content-Type", signed.Keys);
        Assert.Equal(Json, signed.Json);
        Assert.Equal(Hash, signed.Hash);
    }

    [Fact]
    public void The_hash_is_that_of_the_text_as_it_came()
    {
        Assert.True(VxpSignature.Holds(Secret, Json, Hash));
        Assert.True(VxpSignature.Holds(Secret, Json, Hash.ToUpperInvariant()));
        Assert.False(VxpSignature.Holds("Test-secret", Json, Hash));
        Assert.False(VxpSignature.Holds(Secret, Json.Replace("\",\"", "\", \"", StringComparison.Ordinal), Hash)); // the same headers, another text
        Assert.False(VxpSignature.Holds(Secret, Json, Hash[..^1]));
        Assert.False(VxpSignature.Holds(Secret, Json, ""));
        Assert.Equal("G13", VxpSignature.Read(Json)!["FROM"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"XroadVnpt-from\":1}")]
    [InlineData("{\"from\":\"G13\"}")] // not one of the protocol's headers
    [InlineData("{\"XroadVnpt-from\":\"G13\",\"XroadVnpt-From\":\"G22\"}")] // which one would count?
    [InlineData("{\"XroadVnpt-from\":{\"a\":\"b\"}}")]
    public void What_is_not_a_flat_object_of_headers_is_not_read(string json) => Assert.Null(VxpSignature.Read(json));

    [Fact]
    public void A_header_beyond_ASCII_is_escaped_and_read_back()
    {
        var signed = VxpSignature.Sign(Secret, [new("from", "Bộ \"Mẫu\"\\\n")]);
        Assert.True(signed.Json.All(char.IsAscii));
        Assert.Equal("Bộ \"Mẫu\"\\\n", VxpSignature.Read(signed.Json)!["from"]);
    }

    [Fact]
    public void A_digest_is_written_with_the_official_librarys_defect_or_without_it()
    {
        Assert.Equal(AxisSamples.PdfSha256, HashFile.Write(PdfDigest, HashFileEncoding.Standard));
        Assert.Equal("53f84e4d60ee8f2251d439c95e0a4e98d155ceba81f1d1754eadbf27044ba", HashFile.Write(PdfDigest, HashFileEncoding.Legacy));
        Assert.Equal("0", HashFile.Write([0], HashFileEncoding.Legacy));
        Assert.True(HashFile.Matches(AxisSamples.PdfSha256.ToUpperInvariant(), PdfDigest));
        Assert.True(HashFile.Matches("53f84e4d60ee8f2251d439c95e0a4e98d155ceba81f1d1754eadbf27044ba", PdfDigest));
        Assert.False(HashFile.Matches(AxisSamples.PdfSha256[1..], PdfDigest));
    }

    [Theory]
    [InlineData("21112024T091530+0123", true)]
    [InlineData("21112024T091530+0700", true)] // seven hundred milliseconds, not a zone
    [InlineData("21112024T091530+07:00", false)]
    [InlineData("2024-11-21T09:15:30+0123", false)]
    [InlineData("21112024T091530+1230", false)] // no second has 1,230 milliseconds
    [InlineData("31022024T091530+0000", false)]
    [InlineData("", false)]
    public void A_timestamp_ends_with_milliseconds(string text, bool good)
    {
        Assert.Equal(good, VxpTimestamp.TryParse(text, out var time));
        if (good)
            Assert.Equal(text, VxpTimestamp.Write(time));
    }
}
