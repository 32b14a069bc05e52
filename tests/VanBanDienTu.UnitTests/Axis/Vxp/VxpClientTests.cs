using System.Net;
using System.Text;
using VanBanDienTu.Axis;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Axis.Vxp;

/// <summary>The client against an axis that answers what the test says, byte for byte.</summary>
public sealed class VxpClientTests : IDisposable
{
    private readonly ManualTime time = new(new DateTimeOffset(2024, 11, 21, 2, 15, 30, 123, TimeSpan.Zero));
    private readonly FarSide axis = new();
    private readonly VxpClient client;

    public VxpClientTests() => client = new VxpClient(
        new VxpClientOptions { Endpoint = new Uri("http://axis.test/XrdAdapter/adapter/"), SystemId = "00.13.W00", Secret = () => "test-secret" }, axis, time);

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task Each_request_has_a_timestamp_of_its_own_and_signs_exactly_what_it_sends()
    {
        axis.Answers("""{"status":"OK","ErrorCode":"0","ErrorDesc":"","data":[]}""");
        await client.ListReceivedAsync(VxpMessageType.Document, default);
        time.Advance(TimeSpan.FromHours(1));
        await client.ListReceivedAsync(VxpMessageType.Document, default);

        Assert.Equal(["21112024T091530+0123", "21112024T101530+0123"], axis.Requests.Select(r => r.Header("timestamp")));
        Assert.All(axis.Requests, r =>
        {
            Assert.Equal("/XrdAdapter/adapter/getReceivedEdocList", r.Path);
            Assert.True(VxpSignature.Holds("test-secret", r.Header("sign-header"), r.Header("hash-header")));
            foreach (var (name, value) in VxpSignature.Read(r.Header("sign-header"))!)
                Assert.Equal(value, r.Header(name));
            Assert.Equal("3.0.201608", r.Header("version"));
        });
    }

    [Fact]
    public async Task A_packet_is_sent_as_the_field_file_doc_with_its_digest_signed()
    {
        axis.Answers("""{"status":"OK","ErrorCode":"0","ErrorDesc":"","DocId":"d-1"}""");
        var reply = await client.SendAsync("G13", VxpMessageType.Document, new MemoryStream(AxisSamples.Packet), ["G22"], default);
        Assert.Equal("d-1", reply.Require());
        var request = axis.Requests.Single();
        Assert.Contains("name=\"file_doc\"", request.Body, StringComparison.Ordinal);
        Assert.Contains(Encoding.UTF8.GetString(AxisSamples.Packet), request.Body, StringComparison.Ordinal);
        Assert.Equal(HashFile.Write(System.Security.Cryptography.SHA256.HashData(AxisSamples.Packet), HashFileEncoding.Legacy), request.Header("hash-file"));
        Assert.Equal("""["G22"]""", request.Header("to"));
        Assert.Equal("application/octet-stream", request.Header("Content-Type"));
    }

    [Theory]
    [InlineData("{{\"status\":\"OK\",\"ErrorCode\":\"0\",\"ErrorDesc\":\"\",\"data\":\"{0}\"}}")]
    [InlineData("{{ \"data\" : \"{0}\", \"ErrorCode\": 0, \"status\" : \"ok\", \"other\": {{\"data\":\"x\"}} }}")]
    public async Task A_packet_streams_out_of_its_answer(string shape)
    {
        var packet = new byte[200_001];
        Random.Shared.NextBytes(packet);
        foreach (var size in new[] { 1, 2, 3, 24_575, 24_576, 24_577, 49_151, packet.Length })
        {
            var base64 = Convert.ToBase64String(packet, 0, size, Base64FormattingOptions.InsertLineBreaks);
            var written = base64.Replace("\r\n", "\\r\\n", StringComparison.Ordinal).Replace("/", "\\/", StringComparison.Ordinal).Replace("=", "\\u003d", StringComparison.Ordinal);
            axis.Answers(string.Format(System.Globalization.CultureInfo.InvariantCulture, shape, written));
            using var got = new MemoryStream();
            Assert.Null((await client.GetEdocAsync("d-1", got, default)).Error);
            Assert.Equal(packet[..size], got.ToArray());
        }
    }

    [Theory]
    [InlineData("""{"status":"FAIL","ErrorCode":"15","ErrorDesc":"sai khoá"}""", VxpCode.WrongCredentials, false)]
    [InlineData("""{"status":"FAIL","ErrorCode":20}""", VxpCode.InternalError, true)]
    [InlineData("""{"status":"FAIL"}""", VxpCode.InternalError, true)]
    [InlineData("""{"Status":"OK","errorCode":"18"}""", VxpCode.ReceiverUnknown, false)]
    [InlineData("""{"status":"FAIL","ErrorCode":"777"}""", (VxpCode)777, false)]
    public async Task A_refusal_is_a_value_with_its_code(string answer, VxpCode code, bool temporary)
    {
        axis.Answers(answer);
        var reply = await client.UpdateStatusAsync("d-1", VxpAcknowledgement.Done, default);
        Assert.Equal(code, reply.Error!.Code);
        Assert.Equal(temporary, reply.Error.IsTemporary);
    }

    [Theory]
    [InlineData("<html>502</html>")]
    [InlineData("""{"status":"OK","data":"not base64!"}""")]
    [InlineData("""{"status":"OK","data":"AAA"}""")] // cut off
    [InlineData("""{"status":"OK","ErrorCode":"0"}""")]
    [InlineData("""{"status":"OK","ErrorCode":"0","data":"AAAA""")]
    [InlineData("{}")]
    public async Task What_is_not_the_protocol_is_an_error_and_not_an_empty_packet(string answer)
    {
        axis.Answers(answer);
        var error = await Assert.ThrowsAsync<AxisException>(() => client.GetEdocAsync("d-1", Stream.Null, default));
        Assert.Equal(AxisFault.PeerUnreadable, error.Fault);
    }

    [Fact]
    public async Task An_item_that_cannot_be_read_does_not_hide_the_others()
    {
        axis.Answers("""{"status":"OK","data":[{"x":1},7,{"docId":"a","messageType":"edoc","from":"G13","to":"","created_time":"2024/11/21 09:15:30","status":"INITIAL"}]}""");
        var item = Assert.Single((await client.ListReceivedAsync(VxpMessageType.Document, default)).Require());
        Assert.Equal(("a", "G13", (string?)null, VxpAcknowledgement.Initial), (item.DocId, item.From, item.To, item.Status));
        Assert.Equal(new DateTimeOffset(2024, 11, 21, 9, 15, 30, TimeSpan.FromHours(7)), item.Created);
    }

    /// <summary>The far side of a client: keeps what came, answers what it was told to.</summary>
    private sealed class FarSide : HttpMessageHandler
    {
        private string text = "";

        public List<Seen> Requests { get; } = [];

        public void Answers(string json) => text = json;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var headers = request.Headers.ToDictionary(h => h.Key, h => string.Join(" ", h.Value), StringComparer.OrdinalIgnoreCase);
            Requests.Add(new Seen(request.RequestUri!.AbsolutePath, headers, await request.Content!.ReadAsStringAsync(cancellationToken)));
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
        }
    }

    private sealed record Seen(string Path, Dictionary<string, string> Headers, string Body)
    {
        public string Header(string name) => Headers["XroadVnpt-" + name];
    }
}
