using System.Buffers;
using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Grpc.Core;
using Grpc.Framing;
using Grpc.Net.Compression;

namespace VanBanDienTu.UnitTests.Rpc;

/// <summary>The texts and bytes of gRPC over HTTP/2.</summary>
public sealed class WireFormatTests
{
    [Theory]
    [InlineData("plain text ~", "plain text ~")]
    [InlineData("100 %", "100 %25")]
    [InlineData("\t\ntest\r\n☺ 😈", "%09%0Atest%0D%0A%E2%98%BA %F0%9F%98%88")]
    [InlineData("từ chối", "t%E1%BB%AB ch%E1%BB%91i")]
    public void A_message_is_percent_encoded_and_comes_back(string text, string encoded)
    {
        Assert.Equal(encoded, PercentEncoding.Encode(text));
        Assert.Equal(text, PercentEncoding.Decode(encoded));
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    [InlineData("ă%41", "ăA")]
    public void A_message_with_broken_escapes_stays_readable(string encoded, string text) => Assert.Equal(text, PercentEncoding.Decode(encoded));

    [Fact]
    public void Any_text_comes_back_from_its_percent_encoding() => Prop
        .ForAll<NonNull<string>>(text =>
        {
            var valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get)); // without lone surrogates
            return PercentEncoding.Decode(PercentEncoding.Encode(valid)) == valid;
        })
        .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("1n", 1)]
    [InlineData("100n", 1)]
    [InlineData("101n", 2)]
    [InlineData("5u", 50)]
    [InlineData("300m", 3_000_000)]
    [InlineData("7S", 70_000_000)]
    [InlineData("2M", 1_200_000_000)]
    [InlineData("1H", 36_000_000_000)]
    public void A_timeout_is_read_in_each_unit(string text, long ticks)
    {
        Assert.True(TimeoutHeader.TryDecode(text, out var timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("S")]
    [InlineData("-5S")]
    [InlineData("5X")]
    [InlineData("123456789S")]
    public void What_is_no_timeout_is_refused(string text) => Assert.False(TimeoutHeader.TryDecode(text, out _));

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(12_345_678)]
    [InlineData(36_000_000_000)]
    [InlineData(9_999_999_999_999_999)]
    [InlineData(3_000_000_000_000_000_000)]
    public void A_timeout_sent_has_at_most_eight_digits_and_is_never_shorter(long ticks)
    {
        var text = TimeoutHeader.Encode(new TimeSpan(ticks));
        Assert.InRange(text.Length, 2, 9);
        Assert.True(TimeoutHeader.TryDecode(text, out var back));
        Assert.True(back.Ticks >= ticks);
    }

    [Theory]
    [InlineData("q6ur")]
    [InlineData("qw==")]
    [InlineData("qw")]
    [InlineData("q6s=")]
    [InlineData("q6s")]
    [InlineData("")]
    public void Binary_values_are_read_with_and_without_padding(string text)
    {
        Assert.True(BinaryHeader.TryDecode(text, out var value));
        var bare = text.TrimEnd('=');
        Assert.Equal(Convert.FromBase64String(bare.PadRight((bare.Length + 3) / 4 * 4, '=')), value);
        Assert.Equal(bare, BinaryHeader.Encode(value));
    }

    [Fact]
    public void Several_binary_values_may_share_a_header()
    {
        var metadata = new Metadata();
        BinaryHeader.AddReceived(metadata, "X-bin", "AQ==,Ag, Aw");
        Assert.Equal([1, 2, 3], metadata.GetAll("x-bin").Select(entry => (int)entry.ValueBytes.Single()));
    }

    [Fact]
    public void A_header_split_over_segments_is_read()
    {
        var first = new Segment([0, 0, 0]);
        var last = first.Then([1, 44, 9]);
        var buffer = new ReadOnlySequence<byte>(first, 0, last, 3);
        Assert.True(Frame.TryReadHeader(buffer, 300, out var compressed, out var length));
        Assert.False(compressed);
        Assert.Equal(300, length);
    }

    [Fact]
    public void A_length_past_the_limit_or_a_strange_flag_is_refused()
    {
        var tooLong = Assert.Throws<RpcException>(() => Frame.TryReadHeader(new ReadOnlySequence<byte>([0, 0xFF, 0xFF, 0xFF, 0xFF]), null, out _, out _));
        Assert.Equal(StatusCode.ResourceExhausted, tooLong.StatusCode);
        var flag = Assert.Throws<RpcException>(() => Frame.TryReadHeader(new ReadOnlySequence<byte>([2, 0, 0, 0, 0]), null, out _, out _));
        Assert.Equal(StatusCode.Internal, flag.StatusCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(300_000)]
    public void A_frame_holds_what_was_written_plain_or_compressed(int size)
    {
        var message = Enumerable.Range(0, size).Select(i => (byte)(i % 251)).ToArray();
        var marshaller = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);
        foreach (var compression in new ICompressionProvider?[] { null, new GzipCompressionProvider(CompressionLevel.Fastest) })
        {
            var writer = new FrameWriter();
            var frame = new ReadOnlySequence<byte>(writer.Write(message, marshaller, compression));
            Assert.True(Frame.TryReadHeader(frame, null, out var compressed, out var length));
            Assert.Equal(frame.Length, Frame.HeaderSize + length);
            var back = new MessagePayload().Read(frame.Slice(Frame.HeaderSize), marshaller, compressed ? compression : null, size);
            Assert.Equal(message, back);
            writer.Release();
        }
    }

    [Fact]
    public void Inflating_stops_at_the_limit()
    {
        var marshaller = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);
        var gzip = new GzipCompressionProvider(CompressionLevel.Fastest);
        var frame = new ReadOnlySequence<byte>(new FrameWriter().Write(new byte[10_000_000], marshaller, gzip));
        var e = Assert.Throws<RpcException>(() => new MessagePayload().Read(frame.Slice(Frame.HeaderSize), marshaller, gzip, 1_000_000));
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes) => Memory = bytes;

        public Segment Then(byte[] bytes)
        {
            var next = new Segment(bytes) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
