using Grpc.Core;

namespace VanBanDienTu.UnitTests.Rpc;

/// <summary>Metadata as applications build and read it.</summary>
public sealed class MetadataTests
{
    [Fact]
    public void Keys_are_lower_case_and_found_in_any_case()
    {
        var metadata = new Metadata { { "Key", "1" }, { "KEY", "2" } };
        Assert.Equal("2", metadata.GetValue("key"));
        Assert.Equal(["1", "2"], metadata.GetAll("Key").Select(entry => entry.Value));
        Assert.Equal("key", metadata[0].Key);
    }

    [Fact]
    public void Bytes_need_a_key_that_says_so_and_text_one_that_does_not()
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("key", new byte[1]));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("key-bin", "text"));
        Assert.Throws<InvalidOperationException>(() => new Metadata.Entry("key-bin", new byte[1]).Value);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("line\n")]
    [InlineData(":path")]
    [InlineData("khóa")]
    public void A_key_that_is_no_header_name_is_refused(string key) => Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, "x"));

    [Fact]
    public void The_shared_empty_metadata_cannot_be_changed() => Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("a", "b"));
}
