using System.Net.Http.Headers;
using System.Text.Json;

namespace VanBanDienTu.Axis.Vxp;

/// <summary>
/// Speaks the national axis's client protocol. Each request has a timestamp of its own; nothing is retried here, because only the caller
/// knows whether a packet may be sent twice.
/// </summary>
/// <remarks>
/// Every call may throw <see cref="HttpRequestException"/> or <see cref="TimeoutException"/> (no answer: it may have taken effect) and
/// <see cref="AxisException"/> with <see cref="AxisFault.PeerUnreadable"/>.
/// </remarks>
public sealed class VxpClient : IDisposable
{
    private readonly VxpClientOptions options;
    private readonly HttpClient http;
    private readonly TimeProvider time;

    /// <param name="handler">The way to the axis; closed with the client.</param>
    public VxpClient(VxpClientOptions options, HttpMessageHandler handler, TimeProvider time)
    {
        (this.options, this.time) = (options, time);
        http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public Task<VxpReply<IReadOnlyList<VxpAgency>>> GetAgenciesAsync(CancellationToken ct) =>
        ListAsync(VxpNames.GetAgenciesList, VxpReading.Agency, ct);

    /// <param name="level">Level of the QĐ 20 code; 1 is the top.</param>
    public Task<VxpReply<IReadOnlyList<VxpAgency>>> GetAgenciesQd20Async(int level, CancellationToken ct) =>
        ListAsync(VxpNames.GetAgenciesListQd20, VxpReading.Agency, ct, (VxpNames.Level, level.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>The whole directory with versions, deleted units included.</summary>
    public Task<VxpReply<IReadOnlyList<VxpAgency>>> GetUnitsAsync(CancellationToken ct) =>
        ListAsync(VxpNames.GetSynchronizeUnit, VxpReading.Agency, ct);

    public Task<VxpReply<string>> RegisterAgencyAsync(VxpRegistration registration, CancellationToken ct)
    {
        var body = new ByteArrayContent(VxpJson.Write(registration)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return AskAsync(VxpNames.RegisterAgency, HttpMethod.Post, body, answer => VxpReading.Text(answer, "status") ?? "OK", ct);
    }

    public Task<VxpReply<string>> DeleteAgencyAsync(string code, CancellationToken ct) => AskAsync(
        VxpNames.DeleteAgency, HttpMethod.Post, null, answer => VxpReading.Text(answer, "status") ?? "OK", ct, (VxpNames.AgencyCode, code));

    /// <summary>Sends one packet; the answer is the axis's DocId.</summary>
    /// <param name="packet">A whole <c>.edxml</c>, seekable: it is read twice, for its digest and for the way.</param>
    /// <param name="to">Who the packet is for; null = everyone whom it names.</param>
    public async Task<VxpReply<string>> SendAsync(
        string from, VxpMessageType type, Stream packet, IReadOnlyList<string>? to, CancellationToken ct)
    {
        var begin = packet.Position;
        var sha256 = await System.Security.Cryptography.SHA256.HashDataAsync(packet, ct);
        packet.Position = begin;
        var file = new StreamContent(packet, 64 * 1024) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        var form = new MultipartFormDataContent($"==={time.GetUtcNow().ToUnixTimeMilliseconds()}===") { { file, $"\"{VxpNames.FileField}\"", "\"packet.edxml\"" } };
        var (name, value) = (VxpNames.To, to is null ? "" : JsonSerializer.Serialize(to));
        return await AskAsync(
            VxpNames.SendEdoc, HttpMethod.Post, form, answer => VxpReading.Text(answer, "DocId"), ct,
            [(VxpNames.ServiceType, VxpNames.ServiceTypeValue), (VxpNames.MessageType, type.Word()),
             (VxpNames.HashFile, HashFile.Write(sha256, options.HashFile)), (VxpNames.From, from), .. to is null ? Array.Empty<(string, string)>() : [(name, value)]]);
    }

    public Task<VxpReply<IReadOnlyList<VxpReceived>>> ListReceivedAsync(VxpMessageType type, CancellationToken ct) =>
        ListAsync(VxpNames.GetReceivedEdocList, VxpReading.Received, ct, (VxpNames.ServiceType, VxpNames.ServiceTypeValue), (VxpNames.MessageType, type.Word()));

    public Task<VxpReply<IReadOnlyList<VxpSent>>> ListSentAsync(VxpMessageType type, CancellationToken ct) =>
        ListAsync(VxpNames.GetSentEdocList, VxpReading.Sent, ct, (VxpNames.ServiceType, VxpNames.ServiceTypeValue), (VxpNames.MessageType, type.Word()));

    /// <summary>Fetches one packet; nothing of it is held in memory.</summary>
    /// <param name="packet">Gets the bytes; incomplete when the call throws.</param>
    public async Task<VxpReply<string>> GetEdocAsync(string docId, Stream packet, CancellationToken ct)
    {
        using var response = await SendAsync(
            VxpNames.GetEdoc, HttpMethod.Post, null, ct, (VxpNames.DocId, docId), (VxpNames.FilePath, "packet.edxml"));
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        var (answer, bytes) = await new DataField(packet).ReadAsync(body, options.MaxPacketBytes, ct);
        using (answer)
        {
            var error = VxpReading.Error(answer.RootElement);
            if (error is null && bytes == 0)
                throw VxpReading.Unreadable("không có gói tin trong data", "there is no packet in its data");
            return new VxpReply<string>(error, docId, response.Headers.Date);
        }
    }

    public Task<VxpReply<string>> UpdateStatusAsync(string docId, VxpAcknowledgement status, CancellationToken ct) => AskAsync(
        VxpNames.UpdateStatus, HttpMethod.Post, null, answer => VxpReading.Text(answer, "status") ?? "OK", ct,
        (VxpNames.DocId, docId), (VxpNames.Status, status.Word()));

    public void Dispose() => http.Dispose();

    private Task<VxpReply<IReadOnlyList<T>>> ListAsync<T>(
        string operation, Func<JsonElement, T?> read, CancellationToken ct, params (string Name, string Value)[] arguments)
        where T : class =>
        AskAsync(operation, HttpMethod.Post, null, answer => VxpReading.List(answer, read), ct, arguments);

    private async Task<VxpReply<T>> AskAsync<T>(
        string operation, HttpMethod method, HttpContent? body, Func<JsonElement, T?> read, CancellationToken ct,
        params (string Name, string Value)[] arguments)
        where T : class
    {
        using var response = await SendAsync(operation, method, body, ct, arguments);
        try
        {
            await using var bytes = new BoundedStream(await response.Content.ReadAsStreamAsync(ct), options.MaxListBytes);
            using var answer = await JsonDocument.ParseAsync(bytes, default, ct);
            var error = VxpReading.Error(answer.RootElement);
            var value = error is null ? read(answer.RootElement) : null;
            return error is null && value is null
                ? throw VxpReading.Unreadable("thiếu nội dung", "its content is missing")
                : new VxpReply<T>(error, value, response.Headers.Date);
        }
        catch (JsonException broken)
        {
            throw VxpReading.Unreadable("không phải JSON", "it is not JSON", broken);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        string operation, HttpMethod method, HttpContent? body, CancellationToken ct, params (string Name, string Value)[] arguments)
    {
        using var request = new HttpRequestMessage(method, $"{options.Endpoint.AbsoluteUri.TrimEnd('/')}/{operation}") { Content = body };
        Sign(request, body is MultipartFormDataContent ? "application/octet-stream" : "application/json", arguments);
        request.Content ??= new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        // Time counts while nothing moves: a large packet on a slow line is not an error.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var size = request.Content.Headers.ContentLength ?? 0;
        using var timer = time.CreateTimer(_ => patience.Cancel(), null, options.AnswerTimeout + TimeSpan.FromSeconds(size / (32 << 10)), Timeout.InfiniteTimeSpan);
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        }
        catch (OperationCanceledException silent) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"The axis did not answer {operation} within {options.AnswerTimeout}.", silent);
        }

        if (response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType == "application/json")
            return response;
        using (response)
            throw new HttpRequestException($"The axis answered {operation} with HTTP {(int)response.StatusCode}.", null, response.StatusCode);
    }

    private void Sign(HttpRequestMessage request, string contentType, (string Name, string Value)[] arguments)
    {
        List<KeyValuePair<string, string>> headers =
        [
            new(VxpNames.SystemId, options.SystemId),
            .. arguments.Select(a => new KeyValuePair<string, string>(a.Name, a.Value)),
            new(VxpNames.Timestamp, VxpTimestamp.Write(time.GetUtcNow())),
            new(VxpNames.ContentType, contentType),
        ];
        var signed = VxpSignature.Sign(options.Secret(), headers);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(VxpNames.Prefix + name, value);
        request.Headers.TryAddWithoutValidation(VxpNames.Prefix + VxpNames.SignHeaderKey, signed.Keys);
        request.Headers.TryAddWithoutValidation(VxpNames.Prefix + VxpNames.SignHeader, signed.Json);
        request.Headers.TryAddWithoutValidation(VxpNames.Prefix + VxpNames.HashHeader, signed.Hash);
        request.Headers.TryAddWithoutValidation(VxpNames.Prefix + VxpNames.Version, VxpNames.VersionValue);
        request.Headers.TryAddWithoutValidation("User-Agent", VxpNames.UserAgent);
    }
}
